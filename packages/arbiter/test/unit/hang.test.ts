import { type Autopsy, autopsyLines } from '@gunicorn-ts/interface';
import test from 'ava';
import { Scenario } from './scenario.ts';

const AUTOPSY: Autopsy = {
  version: 1,
  stuckMs: 30_000,
  stack: [{ functionName: 'crunch', file: '/srv/app.ts', line: 7, column: 3 }],
  inFlight: [{ method: 'GET', target: '/report', ageMs: 31_000, peer: '127.0.0.1' }],
  heapUsedBytes: 20 * 1_048_576,
  rssBytes: 80 * 1_048_576,
};

test('a silent worker is aborted, then killed, and replaced', (t) => {
  const scenario = Scenario.serving().after(20_000);
  scenario.took();
  scenario.after(30_500, [1]);
  scenario.push({ type: 'autopsy', age: 1, autopsy: AUTOPSY }).after(100, [1]);
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1', 'ABRT 1']);
  t.deepEqual(scenario.after(1100, [1]).took(), ['KILL 1']);
  t.deepEqual(scenario.exited(1, { code: null, signal: 'SIGKILL' }).took(), []);
});

test('one entry tells the age, the stack, the requests in flight and the memory', (t) => {
  const scenario = Scenario.serving().after(30_500, [1]);
  scenario.push({ type: 'autopsy', age: 1, autopsy: AUTOPSY }).after(100, [1]);
  t.deepEqual(scenario.logged('critical'), [
    [
      'WORKER TIMEOUT (pid:101)',
      '  silent for 30.6 s, heap 20 MB, rss 80 MB',
      '  stuck in:',
      '    at crunch (/srv/app.ts:7:3)',
      '  in flight: 1',
      '    GET /report for 31.0 s from 127.0.0.1',
    ].join('\n'),
  ]);
});

test('the entry waits a moment for the autopsy, and does without', (t) => {
  const scenario = Scenario.serving().after(30_500, [1]);
  t.deepEqual(scenario.logged('critical'), []);
  scenario.after(1600, [1]);
  t.regex(scenario.logged('critical')[0] ?? '', /no autopsy was received/);
});

test('an autopsy without a stack is waited with, and does not say what it cannot know', (t) => {
  const scenario = Scenario.serving().after(30_500, [1]);
  const without: Autopsy = { version: 1, stuckMs: 30_000, stack: [], reason: 'native code', inFlight: [] };
  scenario.push({ type: 'autopsy', age: 1, autopsy: without }).after(100, [1]);
  t.deepEqual(scenario.logged('critical'), []);
  scenario.after(1500, [1]);
  t.is(
    scenario.logged('critical')[0],
    'WORKER TIMEOUT (pid:101)\n  silent for 32.1 s\n  no stack: native code\n  requests in flight: unknown',
  );
});

test('a worker that could say that it has no request is believed, though it has no stack', (t) => {
  const { inFlight: _, stack: __, ...rest } = AUTOPSY;
  const idle: Autopsy = { ...rest, stack: [], reason: 'the worker waits for requests', inFlight: [] };
  t.is(autopsyLines(idle, '').at(-1), '  no request in flight');
});

test('without a watchdog thread the entry does not wait', (t) => {
  const scenario = Scenario.serving({ autopsy: false }).after(30_500, [1]);
  t.is(scenario.logged('critical').length, 1);
});

test('a death by our own KILL names the reason and is never called a lack of memory', (t) => {
  const scenario = Scenario.serving({ autopsy: false }).after(30_500, [1]).after(1100, [1]);
  scenario.exited(1, { code: null, signal: 'SIGKILL', outOfMemory: true });
  const line = scenario.logged('error').at(-1) ?? '';
  t.regex(line, /was killed by the arbiter: it hung for more than 30 s \(timeout\)/);
  t.notRegex(line, /memory/);
});

test('timeout 0 never kills', (t) => {
  const scenario = Scenario.serving({ timeout: 0 }).after(3_600_000, [1, 2]);
  t.deepEqual(scenario.took(), []);
});

test('a worker that recovers before it is aborted goes on', (t) => {
  const scenario = Scenario.serving().after(30_500, [1]);
  scenario.push({ type: 'autopsy', age: 1, autopsy: AUTOPSY }).after(50);
  t.regex(scenario.logged('warning')[0] ?? '', /stood still and recovered[^]*crunch/);
  t.deepEqual(scenario.state.workers.get(1)?.hung, undefined);
});

test('a worker that is busy but alive is left alone', (t) => {
  const scenario = Scenario.serving();
  for (let i = 0; i < 120; i++) scenario.after(1000);
  t.deepEqual(scenario.took(), []);
});
