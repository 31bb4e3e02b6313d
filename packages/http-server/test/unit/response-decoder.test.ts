import test from 'ava';
import { type DecodedFields, ResponseDecoder, type ResponseSink } from '../../src/http2/response-decoder.ts';

/** What a decoder tells, pieces of a body put together. */
class Told implements ResponseSink {
  readonly events: unknown[] = [];
  body = '';

  informational(status: number, fields: DecodedFields): void {
    this.events.push([status, ...fields.map(([name, value]) => `${name}=${value}`)]);
  }

  head(status: number, fields: DecodedFields, ends: boolean, mayHaveTrailers: boolean): void {
    this.informational(status, fields);
    this.events.push(ends ? 'ends' : mayHaveTrailers ? 'trailers may follow' : 'goes on');
  }

  data(bytes: Buffer): void {
    this.body += bytes.toString();
  }

  end(trailers: DecodedFields): void {
    this.events.push(['end', ...trailers.map(([name, value]) => `${name}=${value}`)]);
  }
}

const CASES: readonly (readonly [
  what: string,
  text: string,
  method: string,
  events: unknown[],
  body: string,
])[] = [
  [
    'a body with a length, and nothing behind it',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b: c\r\n\r\nhello, and more',
    'GET',
    [[200, 'content-length=5', 'x-a=b: c'], 'goes on', ['end']],
    'hello',
  ],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB\r\n, and more.\r\n0\r\n\r\n',
    'GET',
    [[200], 'trailers may follow', ['end']],
    'hello, and more.',
  ],
  [
    'chunks and trailers',
    'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\nX-B: c\r\n\r\n',
    'GET',
    [[200, 'trailer=X-Sum'], 'trailers may follow', ['end', 'x-sum=7', 'x-b=c']],
    'a',
  ],
  [
    'fields of the connection',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nKeep-Alive: timeout=5\r\nUpgrade: x\r\nContent-Length: 0\r\n\r\n',
    'GET',
    [[200, 'content-length=0'], 'ends'],
    '',
  ],
  [
    'an answer to HEAD',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
    'HEAD',
    [[200, 'content-length=5'], 'ends'],
    '',
  ],
  [
    'a status without a body',
    'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    'GET',
    [[304, 'etag="a"'], 'ends'],
    '',
  ],
  [
    'interim answers',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 204 \r\n\r\n',
    'POST',
    [[100], [103, 'link=<a>'], [204], 'ends'],
    '',
  ],
];

/** All at once, byte by byte, and in two pieces at every place. */
function cuts(text: string): Buffer[][] {
  const bytes = Buffer.from(text, 'latin1');
  return [
    [bytes],
    [...bytes].map((octet) => Buffer.from([octet])),
    ...Array.from({ length: bytes.length }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]),
  ];
}

for (const [what, text, method, events, body] of CASES) {
  test(`${what}: decoded in any cut`, (t) => {
    for (const pieces of cuts(text)) {
      const told = new Told();
      const decoder = new ResponseDecoder(method, told);
      for (const piece of pieces) decoder.decode(piece);
      t.deepEqual([told.events, told.body], [events, body]);
      t.true(decoder.finish());
    }
  });
}

test('a body without framing ends with the connection, and any other does not', (t) => {
  const told = new Told();
  const decoder = new ResponseDecoder('GET', told);
  decoder.decode(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhello'));
  t.false(decoder.isOver);
  t.true(decoder.finish());
  t.is(told.body, 'hello');
  for (const cut of [
    'HTTP/1.1 200 OK\r\nX',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
    'HTTP/1.1 100 Continue\r\n\r\n',
  ]) {
    const cutOff = new ResponseDecoder('GET', new Told());
    cutOff.decode(Buffer.from(cut));
    t.false(cutOff.finish(), cut);
  }
});

test('what is no response, and a change of protocols, are mistakes of whoever wrote them', (t) => {
  for (const text of [
    'hello\r\n\r\n',
    'HTTP/1.1 099 X\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  ]) {
    t.throws(
      () => new ResponseDecoder('GET', new Told()).decode(Buffer.from(text)),
      { instanceOf: TypeError },
      text,
    );
  }
});
