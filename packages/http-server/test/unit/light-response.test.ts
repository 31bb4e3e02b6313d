import test from 'ava';
import { LightResponse } from '../../src/kinds/fetch/light-response.ts';

type Init = ConstructorParameters<typeof Response>[1];

function headersOf(init?: Init, body: string | null = 'text'): readonly (readonly string[])[] {
  return LightResponse.headersOf(new LightResponse(body, init) as unknown as Response);
}

test('a response has its headers from the moment on that it was made', (t) => {
  const record: Record<string, string> = { 'Content-Type': 'text/plain' };
  const pairs: [string, string][] = [['Content-Type', 'text/plain']];
  const responses = [record, pairs].map(
    (headers) => new LightResponse('text', { headers }) as unknown as Response,
  );
  record['Content-Type'] = 'text/html';
  record['X-Late'] = '1';
  pairs[0]![1] = 'text/html';
  pairs.push(['X-Late', '1']);
  for (const response of responses) {
    t.deepEqual(LightResponse.headersOf(response), [['Content-Type', 'text/plain']]);
    t.is(response.headers.get('content-type'), 'text/plain');
    t.false(response.headers.has('x-late'));
  }
});

test('inherited names are no headers', (t) => {
  const headers = Object.assign(Object.create({ 'X-Inherited': '1' }) as Record<string, string>, {
    'X-Own': '2',
  });
  t.deepEqual(headersOf({ headers }, null), [['X-Own', '2']]);
});

test('a text without a type is plain text', (t) => {
  t.deepEqual(headersOf(), [['content-type', 'text/plain;charset=UTF-8']]);
  t.deepEqual(headersOf(undefined, null), []);
  t.deepEqual(headersOf({ headers: [['CONTENT-TYPE', 'a/b']] }), [['CONTENT-TYPE', 'a/b']]);
});

const WRONG: readonly Init[] = [
  { headers: [['a', 'b', 'c']] as never },
  { headers: null as never },
  { status: 99 },
  { status: 204 },
  { statusText: '\n' },
];

test('what is wrong with a response is said as Node says it', (t) => {
  for (const init of WRONG) {
    const theirs = t.throws(() => new Response('text', init), { any: true } as never);
    const ours = t.throws(() => new LightResponse('text', init as never), { any: true } as never);
    t.is(ours?.message, theirs?.message);
  }
});

test('values that are no text become one', (t) => {
  t.deepEqual(headersOf({ headers: { 'X-Number': 1 as never } }, null), [['x-number', '1']]);
  t.deepEqual(headersOf({ headers: [['X-Number', 1 as never]] }, null), [['x-number', '1']]);
});
