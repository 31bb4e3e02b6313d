import test from 'ava';
import { Silence, silenceLimit } from '../../src/silence.ts';

test('the watchdog speaks a little before the arbiter acts', (t) => {
  t.is(silenceLimit(30), 29_500);
  t.is(silenceLimit(2), 1800);
  t.is(silenceLimit(0), Infinity);
});

/** Looks every 100 ms from `from` to `to`, with the last beat at `beat`. */
function watch(silence: Silence, { from, to, beat }: { from: number; to: number; beat: number }): number[] {
  const reports: number[] = [];
  for (let now = from; now <= to; now += 100) {
    const silentMs = silence.look(now, beat);
    if (silentMs !== undefined) reports.push(silentMs);
  }
  return reports;
}

test('a silence is reported once, when it reaches the limit', (t) => {
  t.deepEqual(watch(new Silence(1000, 0), { from: 100, to: 5000, beat: 50 }), [1050]);
});

test('a beat arms the watchdog again', (t) => {
  const silence = new Silence(1000, 0);
  t.is(watch(silence, { from: 100, to: 3000, beat: 0 }).length, 1);
  t.deepEqual(watch(silence, { from: 3100, to: 4000, beat: 3050 }), []);
  t.is(watch(silence, { from: 4100, to: 6000, beat: 3050 }).length, 1);
});

test('a process that was stopped as a whole is not stuck', (t) => {
  const silence = new Silence(1000, 0);
  t.is(silence.look(100, 50), undefined);
  t.is(silence.look(60_000, 50), undefined);
  t.is(silence.look(60_100, 50), undefined);
  t.deepEqual(watch(silence, { from: 60_200, to: 62_000, beat: 50 }), [1000]);
});

test('who looks only while it waits counts from the last beat, however long nobody has looked before', (t) => {
  const silence = new Silence(1000, 0);
  t.is(silence.look(100, 50), undefined);
  t.deepEqual(watch(silence, { from: 60_150, to: 62_000, beat: 60_000 }), [1050]);
});
