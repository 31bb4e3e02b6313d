import type { IncomingMessage } from 'node:http';
import type { Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import test from 'ava';
import { EnvironMaker } from '../../src/wsgi/environ.ts';
import { memoryBody } from '../../src/wsgi/request-body.ts';
import { WsgiInput } from '../../src/wsgi/wsgi-input.ts';

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
  socket?: Partial<IncomingMessage['socket']>;
  scriptName?: string;
}

function environ({ url = '/', headers = [], socket, scriptName = '' }: Fake): WsgiEnviron {
  const host = headers[headers.findIndex((name) => name.toLowerCase() === 'host') + 1];
  const request = {
    method: 'GET',
    url,
    httpVersion: '1.1',
    rawHeaders: headers,
    headers: headers.length === 0 ? {} : { host },
    socket: socket ?? {
      remoteAddress: '10.0.0.9',
      remotePort: 5000,
      localAddress: '10.0.0.1',
      localPort: 8000,
    },
  } as unknown as IncomingMessage;
  return new EnvironMaker({ multiprocess: true, scriptName, log: silent }).make(request, {
    scheme: 'http',
    input: new WsgiInput(memoryBody()),
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

test('a header with an underscore cannot pass for one with a hyphen', (t) => {
  t.is(
    environ({ headers: ['X_Remote_User', 'root', 'X-Remote-User', 'guest'] })['HTTP_X_REMOTE_USER'],
    'guest',
  );
});

test('on a unix socket the server is named by the Host header', (t) => {
  t.like(environ({ socket: {}, headers: ['Host', 'example.com:81'] }), {
    REMOTE_ADDR: '',
    SERVER_NAME: 'example.com',
    SERVER_PORT: '81',
  });
  t.like(environ({ socket: {}, headers: ['Host', '[::1]'] }), { SERVER_NAME: '[::1]', SERVER_PORT: '80' });
  t.like(environ({ socket: {} }), { SERVER_NAME: 'localhost', SERVER_PORT: '80' });
});

test('SCRIPT_NAME is taken off the path, and a path outside of it is an error', (t) => {
  t.like(environ({ scriptName: '/app', url: '/app/x' }), { SCRIPT_NAME: '/app', PATH_INFO: '/x' });
  t.throws(() => environ({ scriptName: '/app', url: '/other' }), { message: /SCRIPT_NAME/ });
});

test('what is written to wsgi.errors goes to the error log, a line an entry', (t) => {
  const lines: string[] = [];
  const log: Logger = { ...silent, error: (message) => void lines.push(message) };
  const request = { url: '/', rawHeaders: [], headers: {}, socket: {} } as unknown as IncomingMessage;
  const made = new EnvironMaker({ multiprocess: false, scriptName: '', log }).make(request, {
    scheme: 'http',
    input: new WsgiInput(memoryBody()),
    earlyHints() {},
  });
  const errors = made['wsgi.errors'] as { write(text: string): void; writelines(lines: string[]): void };
  errors.write('one');
  errors.write('\n');
  errors.writelines(['two\n', 'three']);
  t.deepEqual(lines, ['one', 'two', 'three']);
});
