import test from 'ava';
import { describeHang } from '../../src/autopsy-report.ts';
import { parseAutopsy } from '../../src/last-words.ts';

const AUTOPSY = {
  version: 1,
  stuckMs: 1200,
  stack: [{ functionName: 'spin', file: '/app.ts', line: 4, column: 2 }],
  inFlight: [{ method: 'GET', target: '/spin', ageMs: 1200, peer: '127.0.0.1' }],
  rssBytes: 1_048_576,
};

test('an autopsy is read as the watchdog wrote it', (t) => {
  t.deepEqual(parseAutopsy(JSON.stringify(AUTOPSY)), AUTOPSY as never);
});

for (const [what, line] of [
  ['text', 'not JSON'],
  ['null', 'null'],
  ['another version', JSON.stringify({ ...AUTOPSY, version: 2 })],
  ['no stack', JSON.stringify({ ...AUTOPSY, stack: 'spin' })],
] as const) {
  test(`${what} is no autopsy`, (t) => {
    t.is(parseAutopsy(line), undefined);
  });
}

test('nonsense inside an autopsy makes a report all the same', (t) => {
  const nonsense = {
    ...AUTOPSY,
    stuckMs: {},
    stack: [null, 7, { functionName: [], file: {}, line: 'x' }],
    inFlight: [null, { method: {}, target: 1e308, ageMs: null }],
    reason: 5,
    processStacks: [],
    rssBytes: 'many',
  };
  const autopsy = parseAutopsy(JSON.stringify(nonsense));
  t.regex(describeHang({ lastBeat: 0 }, autopsy, 3000), /silent for 3\.0 s/);
});

test('an autopsy of any size makes a report of a reasonable one', (t) => {
  const long = 'x'.repeat(100_000);
  const stack = Array.from({ length: 1000 }, () => ({ functionName: long, file: long, line: 1, column: 1 }));
  const inFlight = Array.from({ length: 1000 }, () => ({ method: long, target: long, ageMs: 1, peer: long }));
  const autopsy = parseAutopsy(
    JSON.stringify({ ...AUTOPSY, stack, inFlight, processStacks: long, reason: long }),
  );
  t.true(JSON.stringify(autopsy).length < 700_000);
  t.true(describeHang({ lastBeat: 0 }, autopsy, 3000).length < 150_000);
});
