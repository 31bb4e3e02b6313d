import test from 'ava';
import { RequestFailure } from '../../src/failure.ts';
import { ResponseReader } from '../../src/response-reader.ts';

function read(text: string, pieceSize = text.length): ResponseReader {
  const reader = new ResponseReader();
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += pieceSize) reader.push(bytes.subarray(at, at + pieceSize));
  return reader;
}

const complete = [
  {
    name: 'Content-Length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    bytes: 5,
    keepAlive: true,
  },
  {
    name: 'chunks, an extension and a trailer',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
    bytes: 13,
    keepAlive: true,
  },
  { name: '204', text: 'HTTP/1.1 204 No Content\r\n\r\n', bytes: 0, keepAlive: true },
  {
    name: 'an interim response',
    text: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
    bytes: 1,
    keepAlive: true,
  },
  {
    name: 'Connection: close',
    text: 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    bytes: 0,
    keepAlive: false,
  },
];

for (const { name, text, bytes, keepAlive } of complete) {
  for (const pieceSize of [text.length, 1]) {
    test(`a response with ${name} is read to its end in pieces of ${pieceSize}`, (t) => {
      const reader = read(text, pieceSize);
      t.true(reader.done);
      t.is(reader.bodyBytes, bytes);
      t.is(reader.head?.keepAlive, keepAlive);
    });
  }
}

test('a body without framing ends with the connection', (t) => {
  const reader = read('HTTP/1.1 200 OK\r\n\r\nhello');
  t.false(reader.done);
  t.true(reader.end());
  t.is(reader.bodyBytes, 5);
});

for (const text of [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n',
  'HTTP/1.1 200 OK\r\nContent-',
]) {
  test(`the end of the connection is no proper end of ${JSON.stringify(text)}`, (t) => {
    t.false(read(text).end());
  });
}

for (const text of [
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 408 Request Timeout\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
  'SSH-2.0-OpenSSH\r\n\r\n',
]) {
  test(`${JSON.stringify(text)} is refused`, (t) => {
    const error = t.throws(() => read(text), { instanceOf: RequestFailure });
    t.is(error.kind, 'malformed');
  });
}
