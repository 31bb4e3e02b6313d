import test from 'ava';
import { ResponseHeadWriter } from '../../src/index.ts';
import type { AnsweredRequest, ResponseDraft, ResponseHead } from '../../src/index.ts';

const DATE = Date.UTC(1994, 10, 6, 8, 49, 37);
const get: AnsweredRequest = { method: 'GET', version: 11, keepAlive: true };
const old: AnsweredRequest = { method: 'GET', version: 10, keepAlive: true };
const head: AnsweredRequest = { ...get, method: 'HEAD' };

function write(request: AnsweredRequest, draft: Partial<ResponseDraft>, close = false): ResponseHead {
  return new ResponseHeadWriter('gunicorn', () => DATE).write(
    request,
    { status: 200, headers: [], ...draft },
    close,
  );
}

test('a head is status line, Server, Date, Connection, framing, and the headers as they were given', (t) => {
  const { text } = write(get, {
    headers: [
      ['content-type', 'text/plain'],
      ['Set-Cookie', 'a=b'],
      ['Set-Cookie', 'c=d'],
    ],
  });
  t.is(
    text,
    'HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\n' +
      'Transfer-Encoding: chunked\r\ncontent-type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n',
  );
});

interface FramingCase {
  readonly shows: string;
  readonly request?: AnsweredRequest;
  readonly draft?: Partial<ResponseDraft>;
  readonly close?: boolean;
  readonly expect: Partial<ResponseHead>;
  readonly holds?: readonly string[];
  readonly lacks?: readonly string[];
}

const length = (value: string): Partial<ResponseDraft> => ({ headers: [['Content-Length', value]] });

const CASES: readonly FramingCase[] = [
  {
    shows: 'a length is used',
    draft: length('5'),
    expect: { framing: 'length', length: 5, keepAlive: true },
    holds: ['Content-Length: 5'],
    lacks: ['Transfer-Encoding'],
  },
  {
    shows: 'a length said twice is sent once',
    draft: {
      headers: [
        ['Content-Length', '5'],
        ['content-length', '5'],
      ],
    },
    expect: { framing: 'length', length: 5 },
    lacks: ['content-length: 5'],
  },
  {
    shows: 'a length is written as a plain number',
    draft: length(' 005 '),
    expect: { length: 5 },
    holds: ['Content-Length: 5\r\n'],
  },
  { shows: 'without a length HTTP/1.1 gets chunks', expect: { framing: 'chunked', keepAlive: true } },
  {
    shows: 'without a length HTTP/1.0 gets the end of the connection',
    request: old,
    expect: { framing: 'close', keepAlive: false },
    holds: ['Connection: close'],
    lacks: ['Transfer-Encoding'],
  },
  {
    shows: 'with a length HTTP/1.0 keeps its connection',
    request: old,
    draft: length('1'),
    expect: { framing: 'length', keepAlive: true },
    holds: ['Connection: keep-alive'],
  },
  {
    shows: 'a known body gets its length',
    draft: { bodyLength: 3 },
    expect: { framing: 'length', length: 3 },
    holds: ['Content-Length: 3'],
  },
  {
    shows: 'the length of the application is not overruled',
    draft: { ...length('9'), bodyLength: 3 },
    expect: { length: 9 },
    holds: ['Content-Length: 9'],
    lacks: ['Content-Length: 3'],
  },
  {
    shows: 'HEAD has a length and no body',
    request: head,
    draft: length('5'),
    expect: { framing: 'none', keepAlive: true },
    holds: ['Content-Length: 5'],
  },
  {
    shows: 'HEAD without a length is told none',
    request: head,
    expect: { framing: 'none', keepAlive: true },
    lacks: ['Content-Length', 'Transfer-Encoding'],
  },
  {
    shows: '204 has neither',
    draft: { status: 204, ...length('5'), bodyLength: 5 },
    expect: { framing: 'none', keepAlive: true },
    holds: ['204 No Content'],
    lacks: ['Content-Length', 'Transfer-Encoding'],
  },
  {
    shows: '304 may tell a length',
    draft: { status: 304, ...length('5') },
    expect: { framing: 'none', keepAlive: true },
    holds: ['Content-Length: 5'],
  },
  {
    shows: 'the server closes',
    draft: length('0'),
    close: true,
    expect: { keepAlive: false },
    holds: ['Connection: close'],
  },
  {
    shows: 'the client closes',
    request: { ...get, keepAlive: false },
    draft: length('0'),
    expect: { keepAlive: false },
    holds: ['Connection: close'],
  },
  {
    shows: 'the application closes',
    draft: {
      headers: [
        ['Connection', 'foo, Close'],
        ['Content-Length', '0'],
      ],
    },
    expect: { keepAlive: false },
    holds: ['Connection: close'],
    lacks: ['foo'],
  },
  {
    shows: '101 changes the protocol',
    draft: {
      status: 101,
      headers: [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Accept', 'x'],
      ],
    },
    expect: { framing: 'none', keepAlive: false },
    holds: [
      '101 Switching Protocols',
      'Connection: upgrade\r\n',
      'Upgrade: websocket',
      'Sec-WebSocket-Accept: x',
    ],
  },
  {
    shows: '426 says what to change to',
    draft: {
      status: 426,
      headers: [
        ['Upgrade', 'TLS/1.2'],
        ['Content-Length', '0'],
      ],
    },
    expect: { keepAlive: true },
    holds: ['Connection: upgrade, keep-alive', 'Upgrade: TLS/1.2'],
  },
  {
    shows: 'an upgrade nobody asked for is not offered',
    draft: { headers: [['Upgrade', 'h2c']] },
    expect: {},
    lacks: ['Upgrade', 'h2c'],
  },
  {
    shows: 'an accepted CONNECT is a tunnel',
    request: { ...get, method: 'CONNECT' },
    draft: length('5'),
    expect: { framing: 'none', keepAlive: false },
    lacks: ['Content-Length', 'Transfer-Encoding'],
  },
  {
    shows: 'a refused CONNECT is a response',
    request: { ...get, method: 'CONNECT' },
    draft: { status: 405, ...length('5') },
    expect: { framing: 'length', length: 5, keepAlive: true },
  },
  {
    shows: 'what belongs to the server or to one hop is dropped',
    draft: {
      headers: [
        ['Server', 'me'],
        ['DATE', 'now'],
        ['Transfer-Encoding', 'gzip'],
        ['Keep-Alive', 'timeout=5'],
        ['TE', 'x'],
      ],
    },
    expect: { framing: 'chunked' },
    lacks: ['me\r', 'now', 'gzip', 'timeout', 'TE:'],
  },
  {
    shows: 'the reason of the application is kept',
    draft: { status: 200, reason: 'Fine by me' },
    expect: {},
    holds: ['HTTP/1.1 200 Fine by me\r\n'],
  },
  {
    shows: 'a status without a phrase has none',
    draft: { status: 299 },
    expect: {},
    holds: ['HTTP/1.1 299 \r\n'],
  },
  {
    shows: 'values are latin-1',
    draft: { headers: [['X', 'caf\u00e9\t ']] },
    expect: {},
    holds: ['X: caf\u00e9\t \r\n'],
  },
];

for (const { shows, request = get, draft = {}, close = false, expect, holds = [], lacks = [] } of CASES) {
  test(`response head: ${shows}`, (t) => {
    const written = write(request, draft, close);
    t.like(written, { status: draft.status ?? 200, ...expect });
    for (const part of holds) t.true(written.text.includes(part), `${part} in ${written.text}`);
    for (const part of lacks) t.false(written.text.includes(part), `${part} in ${written.text}`);
    t.is(written.text.indexOf('\r\n\r\n'), written.text.length - 4);
  });
}

test('the Date changes with the second, and only then', (t) => {
  let now = DATE;
  const writer = new ResponseHeadWriter('gunicorn', () => now);
  const date = () => /Date: (.*)\r\n/.exec(writer.write(get, { status: 200, headers: [] }, false).text)?.[1];
  const first = date();
  t.is(date(), first);
  now += 999;
  t.is(date(), first);
  now += 1;
  t.is(date(), 'Sun, 06 Nov 1994 08:49:38 GMT');
});
