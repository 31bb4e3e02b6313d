import type { Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import test from 'ava';
import { EMPTY_BODY, EnvironMaker, WsgiInput } from '../../src/index.ts';

const silent: Logger = {
  debug() {},
  info() {},
  warning() {},
  error() {},
  critical() {},
  isEnabled: () => false,
};

interface Fake {
  url?: string;
  headers?: readonly string[];
  /** Where the connection was accepted; `null` for a unix socket. */
  local?: { host: string; port: number } | null;
  scriptName?: string;
  log?: Logger;
}

const LOCAL = { host: '10.0.0.1', port: 8000 };

function environ({
  url = '/',
  headers = [],
  local = LOCAL,
  scriptName = '',
  log = silent,
}: Fake): WsgiEnviron {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
  const request = {
    method: 'GET',
    target: url,
    protocol: 'HTTP/1.1',
    scheme: 'http',
    host: at === -1 ? '' : (headers[at + 1] ?? ''),
    fields: {
      count: headers.length / 2,
      name: (index: number) => headers[2 * index] ?? '',
      value: (index: number) => headers[2 * index + 1] ?? '',
    },
  } as const;
  return new EnvironMaker({ multithread: true, multiprocess: true, scriptName, log }).make(request, {
    input: new WsgiInput(EMPTY_BODY),
    socket: undefined,
    remoteHost: local === null ? '' : '10.0.0.9',
    remotePort: local === null ? 0 : 5000,
    local: local ?? undefined,
    earlyHints() {},
  });
}

const TARGETS: readonly [target: string, path: string, query: string][] = [
  ['/', '/', ''],
  ['/a/b?x=1&y=2', '/a/b', 'x=1&y=2'],
  ['/a?b?c', '/a', 'b?c'],
  ['/a#b?c', '/a', ''],
  ['/a?b#c', '/a', 'b'],
  ['//double', '//double', ''],
  ['/caf%C3%A9', '/caf\u00c3\u00a9', ''],
  ['/100%', '/100%', ''],
  ['/%zz%41', '/%zzA', ''],
  ['/a%2Fb', '/a/b', ''],
  ['/q?a=%20', '/q', 'a=%20'],
  ['http://example.com/p?q', '/p', 'q'],
  ['http://example.com', '', ''],
  ['*', '*', ''],
];

for (const [target, path, query] of TARGETS) {
  test(`the target ${target} has the path ${JSON.stringify(path)} and the query ${JSON.stringify(query)}`, (t) => {
    const made = environ({ url: target });
    t.is(made['PATH_INFO'], path);
    t.is(made['QUERY_STRING'], query);
    t.is(made['RAW_URI'], target);
  });
}

test('the environ has the keys that PEP 3333 asks for', (t) => {
  const made = environ({});
  t.like(made, {
    REQUEST_METHOD: 'GET',
    SCRIPT_NAME: '',
    SERVER_NAME: '10.0.0.1',
    SERVER_PORT: '8000',
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: '10.0.0.9',
    REMOTE_PORT: '5000',
    'wsgi.version': [1, 0],
    'wsgi.url_scheme': 'http',
    'wsgi.multithread': true,
    'wsgi.multiprocess': true,
    'wsgi.run_once': false,
    'wsgi.input_terminated': true,
  });
  for (const key of ['wsgi.input', 'wsgi.errors', 'wsgi.file_wrapper', 'wsgi.early_hints'])
    t.truthy(made[key]);
});

test('headers become HTTP_ variables, duplicates joined, content headers bare', (t) => {
  const made = environ({
    headers: ['Content-Type', 'text/x', 'Content-Length', '3', 'X-Two', 'a', 'x-two', 'b', 'Accept', '*/*'],
  });
  t.like(made, { CONTENT_TYPE: 'text/x', CONTENT_LENGTH: '3', HTTP_X_TWO: 'a,b', HTTP_ACCEPT: '*/*' });
  t.false('HTTP_CONTENT_TYPE' in made);
});

test('each repeated header is joined as its own specification has it', (t) => {
  const names = ['Cookie', 'cookie', 'X-Forwarded-For', 'X-Cookie', 'Accept', 'Cookie2'];
  const headers = [...names, ...names].flatMap((name, index) => [name, String(index)]);
  t.like(environ({ headers }), {
    HTTP_COOKIE: '0; 1; 6; 7',
    HTTP_X_FORWARDED_FOR: '2,8',
    HTTP_X_COOKIE: '3,9',
    HTTP_ACCEPT: '4,10',
    HTTP_COOKIE2: '5,11',
  });
});

test('a trusted proxy tells with SCRIPT_NAME where it mounted the application', (t) => {
  t.like(environ({ headers: ['SCRIPT_NAME', '/app'], url: '/app/x' }), {
    SCRIPT_NAME: '/app',
    PATH_INFO: '/x',
  });
  t.like(environ({ headers: ['Script-Name', '/app'], url: '/app/x' }), {
    SCRIPT_NAME: '',
    PATH_INFO: '/app/x',
  });
});

test('on a unix socket the server is named by the Host header', (t) => {
  t.like(environ({ local: null, headers: ['Host', 'example.com:81'] }), {
    REMOTE_ADDR: '',
    SERVER_NAME: 'example.com',
    SERVER_PORT: '81',
  });
  t.like(environ({ local: null, headers: ['Host', '[::1]'] }), { SERVER_NAME: '[::1]', SERVER_PORT: '80' });
  t.like(environ({ local: null }), { SERVER_NAME: 'localhost', SERVER_PORT: '80' });
});

test('SCRIPT_NAME is taken off the path, and a path outside of it is an error', (t) => {
  t.like(environ({ scriptName: '/app', url: '/app/x' }), { SCRIPT_NAME: '/app', PATH_INFO: '/x' });
  t.throws(() => environ({ scriptName: '/app', url: '/other' }), { message: /SCRIPT_NAME/ });
});

test('what is written to wsgi.errors goes to the error log, a line an entry', (t) => {
  const lines: string[] = [];
  const log: Logger = { ...silent, error: (message) => void lines.push(message) };
  const made = environ({ log });
  const errors = made['wsgi.errors'] as { write(text: string): void; writelines(lines: string[]): void };
  errors.write('one');
  errors.write('\n');
  errors.writelines(['two\n', 'three']);
  t.deepEqual(lines, ['one', 'two', 'three']);
});
