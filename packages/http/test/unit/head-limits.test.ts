import test from 'ava';
import { DEFAULT_HTTP_POLICY, type HttpPolicy, HttpRules, RequestParser } from '../../src/index.ts';
import { randomly, seededRandom, singly, transcribe } from '../corpus/transcript.ts';

const HEAD = 'GET /aaaa HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n';
/** Of target, names and values: what stands between them is not counted. */
const LENGTH = '/aaaa'.length + 'Host'.length + 'a'.length + 'B'.length + 'c'.length;

function errors(text: string, policy: Partial<HttpPolicy>): readonly (string | undefined)[] {
  const bytes = Buffer.from(text, 'latin1');
  const rules = new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy });
  const random = seededRandom(1);
  return [[bytes], singly(bytes), randomly(bytes, random), randomly(bytes, random)].map(
    (cut) => transcribe(cut, rules, { address: '127.0.0.1', secure: false }).error?.code,
  );
}

for (const [limitRequestHead, code] of [
  [LENGTH, undefined],
  [LENGTH - 1, 'head-too-long'],
  [LENGTH - 3, 'head-too-long'],
  ['/aaaa'.length, 'head-too-long'],
  ['/aaaa'.length - 1, 'head-too-long'],
  [1, 'head-too-long'],
  [0, undefined],
] as const) {
  test(`a head of ${LENGTH} bytes under a limit of ${limitRequestHead}: ${code ?? 'accepted'}, in any cut`, (t) => {
    t.deepEqual(new Set(errors(HEAD, { limitRequestHead })), new Set([code]));
  });
}

test('lines that are hardly more than what is not counted are no way past the limit', (t) => {
  const lines = `GET / HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(200)}\r\n`;
  t.deepEqual(
    new Set(errors(lines, { limitRequestHead: 100, limitRequestFields: 0 })),
    new Set(['head-too-long']),
  );
  t.deepEqual(new Set(errors(lines, { limitRequestHead: 300, limitRequestFields: 0 })), new Set([undefined]));
});

test('a head that has not ended is refused as soon as it is too long', (t) => {
  const unfinished = `GET / HTTP/1.1\r\nA: ${'a'.repeat(100)}`;
  t.deepEqual(new Set(errors(unfinished, { limitRequestHead: 50 })), new Set(['head-too-long']));
});

test('control characters in a value pass when they may, except those that end a line or a text', (t) => {
  const withByte = (byte: string): string => `GET / HTTP/1.1\r\nHost: a\r\nB: c${byte}d\r\n\r\n`;
  const permitted = { permitControlCharacters: true };
  for (const byte of ['\x01', '\b', '\x7f']) {
    t.deepEqual(new Set(errors(withByte(byte), permitted)), new Set([undefined]));
    t.deepEqual(new Set(errors(withByte(byte), {})), new Set(['field-value']));
  }
  for (const byte of ['\0', '\r']) {
    t.deepEqual(new Set(errors(withByte(byte), permitted)), new Set(['field-value']));
  }
  t.deepEqual(new Set(errors(withByte('\n'), permitted)), new Set(['line-end']));
});

test('the bytes of what is refused are kept for whoever is told, and for nobody else', (t) => {
  const text = 'GET / HTTP/1.1\r\nHost: a\r\nB c\r\n\r\n';
  const packet = (keepsRefused: boolean): string | undefined => {
    const rules = new HttpRules({ ...DEFAULT_HTTP_POLICY, keepsRefused });
    const parser = new RequestParser(rules, { address: '127.0.0.1', secure: false });
    parser.push(Buffer.from(text));
    t.is(parser.next(), 'error');
    return parser.error?.packet?.bytes.toString();
  };
  t.is(packet(true), text);
  t.is(packet(false), undefined);
});

test('a request without a Host, and one with another expectation, pass when they may', (t) => {
  t.deepEqual(new Set(errors('GET / HTTP/1.1\r\n\r\n', { requireHost: false })), new Set([undefined]));
  const expecting = 'GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n';
  t.deepEqual(new Set(errors(expecting, { anyExpectation: true })), new Set([undefined]));
  t.deepEqual(new Set(errors(expecting, {})), new Set(['expectation']));
});
