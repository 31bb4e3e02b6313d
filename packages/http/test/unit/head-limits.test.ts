import test from 'ava';
import { DEFAULT_HTTP_POLICY, type HttpPolicy, HttpRules } from '../../src/index.ts';
import { randomly, seededRandom, singly, transcribe } from '../corpus/transcript.ts';

const HEAD = 'GET /aaaa HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n';
/** The empty line is not counted. */
const LENGTH = HEAD.length - 2;

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
  [LENGTH - 4, 'head-too-long'],
  [25, 'head-too-long'],
  [20, 'head-too-long'],
  [10, 'head-too-long'],
  [0, undefined],
] as const) {
  test(`a head of ${LENGTH} bytes under a limit of ${limitRequestHead}: ${code ?? 'accepted'}, in any cut`, (t) => {
    t.deepEqual(new Set(errors(HEAD, { limitRequestHead })), new Set([code]));
  });
}

test('a head that has not ended is refused as soon as it is too long', (t) => {
  const unfinished = `GET / HTTP/1.1\r\nA: ${'a'.repeat(100)}`;
  t.deepEqual(new Set(errors(unfinished, { limitRequestHead: 50 })), new Set(['head-too-long']));
});

test('a request without a Host, and one with another expectation, pass when they may', (t) => {
  t.deepEqual(new Set(errors('GET / HTTP/1.1\r\n\r\n', { requireHost: false })), new Set([undefined]));
  const expecting = 'GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n';
  t.deepEqual(new Set(errors(expecting, { anyExpectation: true })), new Set([undefined]));
  t.deepEqual(new Set(errors(expecting, {})), new Set(['expectation']));
});
