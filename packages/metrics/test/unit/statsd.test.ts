import test from 'ava';
import { NO_FIGURES, sumOf } from '../../src/figures.ts';
import { ArbiterStatsd, summaryBetween } from '../../src/statsd/arbiter-statsd.ts';
import { counter, datagram, meanTimer, prefixOf, timer } from '../../src/statsd/datagram.ts';
import { readingOf } from './reading.ts';

const prefixes = [
  ['', ''],
  ['a', 'a'],
  ['shop', 'shop.'],
  ['shop...', 'shop.'],
  ['my.shop.', 'my.shop.'],
] as const;

for (const [setting, prefix] of prefixes) {
  test(`the prefix ${JSON.stringify(setting)} is sent as ${JSON.stringify(prefix)}`, (t) => {
    t.is(prefixOf(setting), prefix);
  });
}

const times = [
  [1002.5, '1002.5'],
  [3, '3.0'],
  [0, '0.0'],
  [0.0014, '0.001'],
  [12.345_678, '12.346'],
] as const;

for (const [ms, text] of times) {
  test(`${ms} ms are written as Python writes them`, (t) => {
    t.is(timer('d', ms), `d:${text}|ms`);
  });
}

test('tags stand behind every datagram', (t) => {
  t.is(
    datagram({ prefix: 'shop.', tags: 'env:prod' }, counter('gunicorn.requests', 1)),
    'shop.gunicorn.requests:1|c|@1.0|#env:prod',
  );
});

test('a summary has what happened since the last one, and nothing when nothing did', (t) => {
  const once = readingOf((meter) => {
    meter.requestEnded('GET', 200, 10);
    meter.requestEnded('GET', 200, 20);
    meter.requestEnded('POST', 200, 30);
    meter.requestEnded('GET', 404, 20);
  }).bySlot.get(1)!;
  t.deepEqual(summaryBetween(NO_FIGURES, once), [
    'gunicorn.request.duration:20.0|ms|@0.25',
    'gunicorn.requests:4|c',
    'gunicorn.request.status.200:3|c',
    'gunicorn.request.status.404:1|c',
  ]);
  t.deepEqual(summaryBetween(once, once), []);
  t.deepEqual(summaryBetween(once, sumOf(once, once)).slice(1, 2), ['gunicorn.requests:4|c']);
  t.is(meanTimer('d', 5, 1), 'd:5.0|ms');
});

function arbiterSends(
  listeners: readonly { url: string; queue: undefined | { waiting: number; limit: number; drops: number } }[],
): string[] {
  const sent: string[] = [];
  const statsd = new ArbiterStatsd({
    sender: { send: (text: string) => sent.push(text), close: () => {} } as never,
    recorder: { listeners: () => listeners, snapshot: () => ({}) as never },
    settings: { enableBacklogMetric: true, statsdMode: 'exact' },
  });
  const counts = { target: 2, booting: 0, ready: 2, draining: 0 };
  statsd.tell({ moment: 'tick', counts });
  statsd.tell({ moment: 'tick', counts });
  statsd.tell({ moment: 'tick', counts: { ...counts, ready: 3 } });
  return sent;
}

test('the number of workers is sent when it changes, and the backlog each time', (t) => {
  const queue = { waiting: 3, limit: 5, drops: 0 };
  t.deepEqual(arbiterSends([{ url: 'a', queue }]), [
    'gunicorn.workers:2|g',
    'gunicorn.backlog:3|h',
    'gunicorn.backlog:3|h',
    'gunicorn.workers:3|g',
    'gunicorn.backlog:3|h',
  ]);
});

test('a backlog that nobody knows is not sent', (t) => {
  t.deepEqual(arbiterSends([{ url: 'unix:a', queue: undefined }]), [
    'gunicorn.workers:2|g',
    'gunicorn.workers:3|g',
  ]);
});
