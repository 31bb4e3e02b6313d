import test from 'ava';
import { DEFAULT_HTTP_POLICY, HttpRules, RequestParser } from '../../src/index.ts';
import type { HttpPolicy, RequestEvent } from '../../src/index.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n';
const peer = { address: '127.0.0.1', secure: false };

function parserWith(policy: Partial<HttpPolicy> = {}, secure = false): RequestParser {
  return new RequestParser(new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy }), { ...peer, secure });
}

function events(parser: RequestParser, text: string): RequestEvent[] {
  parser.push(Buffer.from(text, 'latin1'));
  const found: RequestEvent[] = [];
  do found.push(parser.next());
  while (found.at(-1) !== 'more' && found.at(-1) !== 'error' && found.at(-1) !== 'closed');
  return found;
}

test('a request without a body gives a head, an end, and asks for more', (t) => {
  const parser = parserWith();
  t.deepEqual(events(parser, GET), ['head', 'end', 'more']);
  t.is(parser.head?.method, 'GET');
  t.is(parser.held, 0);
});

test('nothing pushed asks for more', (t) => {
  t.is(parserWith().next(), 'more');
});

test('header look-ups know no case and join what is repeated', (t) => {
  const parser = parserWith();
  events(parser, GET);
  const fields = parser.head!.fields;
  t.is(fields.get('x-one'), '1, 2');
  t.is(fields.get('cookie'), 'a=b; c=d');
  t.is(fields.get('x-two'), undefined);
  t.deepEqual(fields.all('x-one'), ['1', '2']);
  t.is(fields.find('x-one'), 1);
  t.is(fields.find('x-one', 2), 2);
  t.is(fields.find('x-one', 3), -1);
  t.is(fields.count, 5);
  t.deepEqual([fields.name(2), fields.value(2)], ['x-one', '2']);
});

test('a head outlives the bytes it was read from', (t) => {
  const parser = parserWith();
  const bytes = Buffer.from(GET);
  parser.push(bytes);
  parser.next();
  bytes.fill(0);
  t.is(parser.head?.target, '/a');
  t.is(parser.head?.fields.get('host'), 'a');
});

test('only the given length of a buffer is looked at, whatever earlier requests left behind it', (t) => {
  const parser = parserWith();
  const buffer = Buffer.alloc(4096, 'Content-Length: 5\r\n\r\n');
  const part = 'GET / HTTP/1.1\r\nHost: a\r\nX: ';
  buffer.write(part, 'latin1');
  parser.push(buffer, part.length);
  t.is(parser.next(), 'more');
  t.is(parser.held, part.length);
  parser.push(Buffer.from('b\r\n\r\n'));
  t.is(parser.next(), 'head');
  t.deepEqual(parser.head?.fields.entries(), [
    ['Host', 'a'],
    ['X', 'b'],
  ]);
});

test('plain Uint8Arrays are taken, also those that begin inside a larger buffer', (t) => {
  const parser = parserWith();
  const bytes = new TextEncoder().encode(`xx${GET}`).subarray(2);
  parser.push(bytes);
  t.is(parser.next(), 'head');
  t.is(parser.head?.method, 'GET');
});

test('several pushes before the first event are as good as one', (t) => {
  const parser = parserWith();
  for (const piece of [GET.slice(0, 10), GET.slice(10, 11), GET.slice(11)]) parser.push(Buffer.from(piece));
  t.is(parser.next(), 'head');
  t.is(parser.next(), 'end');
  t.is(parser.next(), 'more');
});

test('half a request behind a whole one is kept, wherever in the buffer it began', (t) => {
  for (let cut = 1; cut < GET.length; cut++) {
    const parser = parserWith();
    t.deepEqual(events(parser, GET + GET.slice(0, cut)), ['head', 'end', 'more']);
    t.is(parser.held, cut);
    t.deepEqual(events(parser, GET.slice(cut) + GET), ['head', 'end', 'head', 'end', 'more']);
    t.is(parser.head?.fields.count, 5);
  }
});

test('body bytes are handed over where they lie', (t) => {
  const parser = parserWith();
  const bytes = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab');
  parser.push(bytes);
  t.is(parser.next(), 'head');
  t.is(parser.next(), 'body');
  t.is(parser.chunk.buffer, bytes.buffer);
  t.is(Buffer.from(parser.chunk).toString(), 'ab');
  t.is(parser.next(), 'more');
  t.deepEqual(events(parser, 'cdGET'), ['body', 'end', 'more']);
  t.is(parser.held, 3);
});

test('an error is given once and for all, and nothing is held any more', (t) => {
  const parser = parserWith();
  t.deepEqual(events(parser, 'GET / HTTP/9.9\r\n'), ['error']);
  t.is(parser.error?.status, 505);
  t.deepEqual(events(parser, GET), ['error']);
  t.is(parser.held, 0);
  t.is(parser.finish(), undefined);
});

test('after a request that closes the connection everything is ignored', (t) => {
  const parser = parserWith();
  t.deepEqual(events(parser, 'GET / HTTP/1.0\r\n\r\nrubbish'), ['head', 'end', 'closed']);
  t.deepEqual(events(parser, '\0\0\0'), ['closed']);
  t.is(parser.finish(), undefined);
});

test('a client that leaves between requests left nothing incomplete', (t) => {
  const parser = parserWith();
  t.is(parser.finish(), undefined);
  events(parser, GET);
  t.is(parser.finish(), undefined);
});

test('a client that leaves in a request left it incomplete', (t) => {
  for (const text of ['G', GET.slice(0, -1), 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n']) {
    const parser = parserWith();
    events(parser, text);
    t.is(parser.finish()?.code, 'incomplete');
    t.is(parser.next(), 'error');
  }
});

test('a parser that is started again knows nothing of what was before', (t) => {
  const parser = parserWith({ proxyProtocol: 'v1' });
  events(parser, `PROXY UNKNOWN\r\n${GET}GET / HT`);
  parser.restart({ address: '192.0.2.1', secure: true });
  t.is(parser.proxy, undefined);
  t.is(parser.head, undefined);
  t.deepEqual(events(parser, GET), ['head', 'end', 'more']);
  t.is(parser.head?.scheme, 'https');
  parser.restart(peer);
  t.deepEqual(events(parser, '\0'), ['error']);
  parser.restart(peer);
  t.deepEqual(events(parser, `PROXY UNKNOWN\r\n${GET}`), ['head', 'end', 'more']);
  t.is(parser.proxy?.protocol, 'UNKNOWN');
});

test('a TLS connection makes the scheme https', (t) => {
  const parser = parserWith({}, true);
  events(parser, GET);
  t.is(parser.head?.scheme, 'https');
});

test('who takes the connection over gets the bytes behind the request', (t) => {
  const parser = parserWith();
  parser.push(Buffer.from('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01', 'latin1'));
  t.is(parser.next(), 'head');
  t.is(parser.next(), 'end');
  t.deepEqual(parser.takeRest(), Buffer.from([0x16, 3, 1]));
  t.is(parser.next(), 'closed');
});

test('the host of a request is that of an absolute target before that of the header', (t) => {
  const host = (target: string, method = 'GET') => {
    const parser = parserWith();
    events(parser, `${method} ${target} HTTP/1.1\r\nHost: header:1\r\n\r\n`);
    return parser.head?.host;
  };
  t.is(host('/'), 'header:1');
  t.is(host('http://target/'), 'target');
  t.is(host('http://target:2/'), 'target:2');
  t.is(host('target:3', 'CONNECT'), 'target:3');
  t.is(host('*', 'OPTIONS'), 'header:1');
});

test('leave to send a body is only waited for when there is one', (t) => {
  const parser = parserWith();
  events(parser, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n');
  t.false(parser.head?.expectsContinue);
});

const ENDLESS: readonly (readonly [what: string, start: string, piece: string, most: number])[] = [
  ['request line', 'GET /', 'a', 4200],
  ['header line', 'GET / HTTP/1.1\r\nX: ', 'a', 8300],
  ['head', 'GET / HTTP/1.1\r\n', `X: ${'y'.repeat(1000)}\r\n`, 102_000],
  ['folded header', 'GET / HTTP/1.1\r\nX: a\r\n', ' b\r\n', 8300],
  ['chunk line', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;', 'a', 4200],
  [
    'trailer section',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
    'X: y\r\n',
    900,
  ],
  ['PROXY line', 'PROXY UNKNOWN ', 'a', 200],
];

for (const [what, start, piece, most] of ENDLESS) {
  test(`an endless ${what} is refused before much of it is held`, (t) => {
    const parser = parserWith({ permitObsoleteFolding: true, proxyProtocol: 'auto' });
    let event = events(parser, start).at(-1);
    for (let sent = 0; event === 'more' && sent < 200_000; sent += piece.length) {
      event = events(parser, piece).at(-1);
      t.true(parser.held <= most);
    }
    t.is(event, 'error');
  });
}

test('a long line that comes byte by byte is not read again for each byte', (t) => {
  const parser = parserWith({ limitRequestFieldSize: 0 });
  events(parser, 'GET / HTTP/1.1\r\nHost: a\r\nX: ');
  const byte = Buffer.from('a');
  // Quadratic, this would be 80 thousand million steps.
  for (let i = 0; i < 400_000; i++) {
    parser.push(byte);
    parser.next();
  }
  t.deepEqual(events(parser, '\r\n\r\n'), ['head', 'end', 'more']);
  t.is(parser.head?.fields.get('x')?.length, 400_000);
});
