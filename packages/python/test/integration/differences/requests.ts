/** A request that Gunicorn and this server are both sent, byte for byte. */
export interface Case {
  readonly title: string;
  readonly bytes: string;
}

const HOST = 'Host: example.test\r\n';
const CLOSE = 'Connection: close\r\n';

function get(title: string, target: string, headers = ''): Case {
  return { title, bytes: `GET ${target} HTTP/1.1\r\n${HOST}${headers}${CLOSE}\r\n` };
}

function send(
  title: string,
  target: string,
  { headers, body, method = 'POST' }: { headers: string; body: string; method?: string },
): Case {
  return { title, bytes: `${method} ${target} HTTP/1.1\r\n${HOST}${headers}${CLOSE}\r\n${body}` };
}

const raw = (title: string, bytes: string): Case => ({ title, bytes });
const length = (body: string): string => `Content-Length: ${body.length}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

const targets: readonly Case[] = [
  get('the root', '/'),
  get('a path', '/environ/a/b'),
  get('a query', '/environ?a=1&b=%20+'),
  get('an empty query', '/environ?'),
  get('two question marks', '/environ?a?b'),
  get('percent-encoded bytes', '/environ/%E2%98%83/%2F%3f'),
  get('a broken percent sign', '/environ/%zz%'),
  get('raw bytes above 127', '/environ/caf\xe9'),
  get('dots and slashes', '/environ//a/../b/./'),
  get('a semicolon', '/environ;v=1/x;y'),
  get('a fragment', '/environ#part'),
  get('a query before a fragment', '/environ?a=1#part'),
  get('an absolute target', 'http://other.test:81/environ/x?y=1'),
  raw('the asterisk', `OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}\r\n`),
  get('a long query', `/environ?${'q'.repeat(3000)}`),
];

const headers: readonly Case[] = [
  get('a header twice', '/environ', 'X-Two: 1\r\nX-Two: 2\r\n'),
  get('an empty header', '/environ', 'X-Empty:\r\n'),
  get('spaces around a value', '/environ', 'X-Space:  \t a b \t \r\n'),
  get('bytes above 127 in a value', '/environ', 'X-Latin: caf\xe9\r\n'),
  get('a name in small letters', '/environ', 'x-small: 1\r\n'),
  get('a name with an underscore', '/environ', 'X_Under: 1\r\nX-Under: 2\r\n'),
  get('a scheme from a trusted proxy', '/environ', 'X-Forwarded-Proto: https\r\n'),
  get('a client from a trusted proxy', '/environ', 'X-Forwarded-For: 192.0.2.1\r\n'),
  get('a content type without a body', '/environ', 'Content-Type: text/x\r\n'),
  get('cookies', '/environ', 'Cookie: a=1\r\nCookie: b=2\r\n'),
  get('a proxy header', '/environ', 'Proxy: http://evil.test\r\n'),
  get('authorization', '/environ', 'Authorization: Basic dXNlcjpwdw==\r\n'),
  get('a script name from a trusted proxy', '/environ/x', 'SCRIPT_NAME: /environ\r\n'),
  get('many headers', '/environ', Array.from({ length: 60 }, (_, n) => `X-N${n}: ${n}\r\n`).join('')),
  raw('no host', `GET /environ HTTP/1.1\r\n${CLOSE}\r\n`),
  raw('HTTP/1.0', 'GET /environ HTTP/1.0\r\n\r\n'),
  raw('HTTP/1.0 with a response of unknown length', 'GET /generator HTTP/1.0\r\n\r\n'),
];

const methods: readonly Case[] = ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'].map((method) =>
  raw(`the method ${method}`, `${method} /environ HTTP/1.1\r\n${HOST}${CLOSE}\r\n`),
);

const bodies: readonly Case[] = [
  send('a body', '/echo', { headers: `${FORM}${length('a=1&b=2')}`, body: 'a=1&b=2' }),
  send('the environ of a body', '/environ', { headers: `${FORM}${length('a=1')}`, body: 'a=1' }),
  send('a body of no bytes', '/echo', { headers: length(''), body: '' }),
  send('a body with PUT', '/echo', { headers: length('put'), body: 'put', method: 'PUT' }),
  send('a body with GET', '/echo', { headers: length('get'), body: 'get', method: 'GET' }),
  send('a body of 100 kB', '/echo', { headers: length('x'.repeat(100_000)), body: 'x'.repeat(100_000) }),
  send('a body in chunks', '/echo', { headers: CHUNKED, body: '3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n' }),
  send('the environ of chunks', '/environ', { headers: CHUNKED, body: '3\r\nabc\r\n0\r\n\r\n' }),
  send('chunks with a trailer', '/echo', { headers: CHUNKED, body: '1\r\na\r\n0\r\nX-Trailer: 1\r\n\r\n' }),
  send('lines and blocks', '/blocks', { headers: length('abcd\nef\n\ngh'), body: 'abcd\nef\n\ngh' }),
  send('a body that is not read', '/unread', { headers: length('unread'), body: 'unread' }),
  send('a body that is announced by Expect', '/echo', {
    headers: `Expect: 100-continue\r\n${length('abc')}`,
    body: 'abc',
  }),
];

const responses: readonly Case[] = [
  get('a status', '/status?404+Not+Found'),
  get('a reason of its own', '/status?200+Everything+Fine'),
  get('201', '/status?201+Created'),
  get('204', '/status?204+No+Content'),
  get('304', '/status?304+Not+Modified'),
  get('a body with 204', '/bodiless?204+No+Content'),
  get('a body with 304', '/bodiless?304+Not+Modified'),
  get('headers', '/headers'),
  get('a date of its own', '/own_date'),
  get('a server of its own', '/own_server'),
  get('chunked by itself', '/own_chunks'),
  get('a generator', '/generator'),
  get('a list', '/listed'),
  get('nothing', '/nothing'),
  get('write', '/write'),
  get('more than announced', '/longer'),
  get('less than announced', '/shorter'),
  get('a file', '/file'),
  get('exc_info before the head', '/replaced'),
  get('early hints', '/hints'),
  raw('HEAD of a generator', `HEAD /generator HTTP/1.1\r\n${HOST}${CLOSE}\r\n`),
  raw('HEAD of nothing', `HEAD /nothing HTTP/1.1\r\n${HOST}${CLOSE}\r\n`),
  raw('HEAD of a list', `HEAD /listed HTTP/1.1\r\n${HOST}${CLOSE}\r\n`),
];

const failures: readonly Case[] = [
  get('an exception', '/fails'),
  get('an exception in the middle', '/fails_late'),
  get('no start_response', '/no_start'),
  get('text instead of bytes', '/text'),
  get('start_response twice', '/twice'),
  get('a header with a line break', '/split'),
  get('a header with a wrong name', '/bad_name'),
  get('a header outside of latin-1', '/unencodable'),
  get('a hop-by-hop header', '/hop'),
];

const repeated: readonly Case[] = [
  raw(
    'a list in two lines',
    `GET /environ HTTP/1.1\r\n${HOST}${CLOSE}X-Forwarded-For: a\r\nX-Forwarded-For: b\r\n\r\n`,
  ),
];

const refusals: readonly Case[] = [
  raw('a method in small letters', `get / HTTP/1.1\r\n${HOST}\r\n`),
  raw('no version', 'GET /\r\n\r\n'),
  raw('version 2.0', `GET / HTTP/2.0\r\n${HOST}\r\n`),
  raw('a version that is none', `GET / HTTP/x\r\n${HOST}\r\n`),
  raw('a space before the colon', `GET / HTTP/1.1\r\n${HOST}X-A : 1\r\n\r\n`),
  raw('a header without colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`),
  raw('a folded header', `GET / HTTP/1.1\r\n${HOST}X-A: 1\r\n 2\r\n\r\n`),
  raw('two lengths', `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
  raw('a length that is negative', `POST /echo HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`),
  raw('a length and chunks', `POST /echo HTTP/1.1\r\n${HOST}${CHUNKED}Content-Length: 1\r\n\r\n0\r\n\r\n`),
  raw('a coding that nobody knows', `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: rot13\r\n\r\n`),
  raw('a chunk that is none', `POST /echo HTTP/1.1\r\n${HOST}${CHUNKED}\r\nzz\r\n`),
  raw('a request line that is too long', `GET /${'x'.repeat(5000)} HTTP/1.1\r\n${HOST}\r\n`),
  raw('a header that is too long', `GET / HTTP/1.1\r\n${HOST}X-A: ${'x'.repeat(9000)}\r\n\r\n`),
  raw('too many headers', `GET / HTTP/1.1\r\n${'X-A: 1\r\n'.repeat(101)}\r\n`),
];

export const cases: readonly Case[] = [
  ...targets,
  ...headers,
  ...methods,
  ...bodies,
  ...responses,
  ...failures,
  ...repeated,
  ...refusals,
];
