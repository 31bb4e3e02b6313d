import test from 'ava';
import { type ServerReading, snapshotOf } from '../../src/snapshot.ts';
import { readingOf } from './reading.ts';

function reading(
  stage: Partial<ServerReading['stage']>,
  view: Partial<ServerReading['workers'][0]['view']> = {},
) {
  const base = readingOf();
  const [worker] = base.workers;
  return {
    ...base,
    stage: { ...base.stage, ...stage },
    workers: [{ ...worker!, view: { ...worker!.view, ...view } }],
  };
}

const cases = [
  ['a worker serves', reading({}), true],
  ['the only worker is busy or hangs', reading({}, { hung: true }), true],
  ['the only worker boots', reading({}, { phase: 'booting' }), false],
  ['the only worker drains', reading({}, { phase: 'draining' }), false],
  ['a reload is under way', reading({ isReloading: true }), true],
  ['a stop was asked for', reading({ phase: 'withdrawing' }), false],
  ['the server stops', reading({ phase: 'stopping' }), false],
  [
    'another arbiter has taken over',
    reading({ phase: 'stopping', hasSuccessor: true }, { phase: 'draining' }),
    true,
  ],
] as const;

for (const [when, given, isReady] of cases) {
  test(`the server is ${isReady ? '' : 'not '}ready when ${when}`, (t) => {
    t.is(snapshotOf(given).isReady, isReady);
  });
}

test('a worker is busy while a request is under way, and idle otherwise', (t) => {
  t.is(snapshotOf(readingOf()).workers[0]?.condition, 'idle');
  const busy = snapshotOf(readingOf((meter) => meter.requestArrived())).workers[0];
  t.is(busy?.condition, 'busy');
  t.is(busy?.inFlight, 1);
  t.is(snapshotOf(reading({}, { hung: true })).workers[0]?.condition, 'hung');
});

test('ages are told in seconds', (t) => {
  const [worker] = snapshotOf(readingOf()).workers;
  t.is(worker?.upSeconds, 60);
  t.is(Math.round((worker?.silentSeconds ?? 0) * 10), 1);
});
