import test from 'ava';
import { parseHead } from '../../src/wsgi/response-head.ts';

test('a status has a code and a reason', (t) => {
  t.like(parseHead('404 Not Here', []), { status: 404, reason: 'Not Here' });
  t.like(parseHead('200', []), { status: 200, reason: '' });
});

for (const status of ['', 'OK', '20 OK', '2000', '101 Switching Protocols', 200, null]) {
  test(`the status ${JSON.stringify(status)} is refused`, (t) => {
    t.throws(() => parseHead(status, []), { instanceOf: TypeError, message: /"200 OK"/ });
  });
}

test('headers keep their order, their case and their duplicates', (t) => {
  const { headers } = parseHead('200 OK', [
    ['X-B', '1'],
    ['Set-Cookie', 'a'],
    ['Set-Cookie', 'b'],
  ]);
  t.deepEqual(headers, ['X-B', '1', 'Set-Cookie', 'a', 'Set-Cookie', 'b']);
});

test('headers of the connection are dropped', (t) => {
  const { headers } = parseHead('200 OK', [
    ['Connection', 'upgrade'],
    ['Transfer-Encoding', 'chunked'],
    ['Keep-Alive', 'timeout=5'],
    ['X-Kept', '1'],
  ]);
  t.deepEqual(headers, ['X-Kept', '1']);
});

for (const [what, headers] of [
  ['a line break in a value', [['X-A', 'a\r\nSet-Cookie: b']]],
  ['a space in a name', [['X A', 'a']]],
  ['a character beyond latin-1', [['X-A', '€']]],
  ['a number as a value', [['X-A', 1]]],
  ['an object instead of pairs', { 'X-A': 'a' }],
  ['a Content-Length that is no number', [['Content-Length', '1e3']]],
  [
    'two Content-Lengths that disagree',
    [
      ['Content-Length', '1'],
      ['Content-Length', '2'],
    ],
  ],
] as const) {
  test(`${what} is refused`, (t) => {
    t.throws(() => parseHead('200 OK', headers), { instanceOf: TypeError });
  });
}

test('a response without content declares no length', (t) => {
  t.deepEqual(parseHead('204 No Content', [['Content-Length', '0']]).headers, []);
});
