import test from 'ava';
import { Scenario } from './scenario.ts';

for (const [exitCode, reason] of [
  [3, 'Reason: Worker failed to boot.'],
  [4, 'Reason: App failed to load.'],
] as const) {
  test(`a first worker that fails with ${exitCode} stops the server with ${exitCode}`, (t) => {
    const scenario = new Scenario().push({ type: 'start' }).failBoot(1, exitCode);
    t.deepEqual(scenario.logged('error'), ['Worker failed to boot: no such module', reason]);
    t.deepEqual(scenario.took(), ['spawn 1 of generation 1', 'close-listeners', `finish ${exitCode}`]);
  });
}

test('the error appears once when eight workers fail together', (t) => {
  const scenario = new Scenario({ workers: 8 }).push({ type: 'start' }).after(200);
  for (let age = 1; age <= 8; age++) scenario.failBoot(age, 4);
  t.is(scenario.logged('error').filter((line) => line.includes('no such module')).length, 1);
  t.is(scenario.took().at(-1), 'finish 4');
});

test('an application that ends the process while loading stops the server', (t) => {
  const scenario = new Scenario().push({ type: 'start' }).spawned(1).exited(1, { code: 7 });
  t.is(scenario.took().at(-1), 'finish 3');
});

test('a first worker that is killed from outside is started again', (t) => {
  const scenario = new Scenario().push({ type: 'start' }).spawned(1);
  scenario.took();
  t.deepEqual(scenario.exited(1, { code: null, signal: 'SIGKILL' }).after(500).took(), [
    'spawn 2 of generation 1',
    'spawn 3 of generation 1',
  ]);
});

test('with reload the server waits for an edit instead of stopping', (t) => {
  const scenario = new Scenario({ reload: true }).push({ type: 'start' }).failBoot(1, 3);
  scenario.took();
  t.deepEqual(scenario.after(60_000).took(), []);
  scenario.push({ type: 'files-changed', files: ['/app.ts'] });
  t.deepEqual(scenario.took(), ['load 2']);
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings({ reload: true }) });
  t.deepEqual(scenario.took(), ['spawn 2 of generation 2']);
  scenario.boot(2);
  t.deepEqual(scenario.took(), ['adopt 2', 'spawn 3 of generation 2']);
});

test('a worker that boots for too long is killed', (t) => {
  const scenario = new Scenario({ workers: 1, bootTimeout: 10 })
    .push({ type: 'start' })
    .spawned(1)
    .after(9000);
  scenario.took();
  t.regex(
    scenario.after(1500).logged('critical')[0] ?? '',
    /WORKER TIMEOUT \(pid:101\).*10 s \(bootTimeout\)/,
  );
  t.deepEqual(scenario.took(), ['KILL 1']);
});

test('a boot that fails later is retried and leaves the others alone', (t) => {
  const scenario = Scenario.serving().after(20_000).exited(1, { code: 1 });
  scenario.took();
  scenario.failBoot(3, 4);
  t.deepEqual(scenario.took(), []);
  t.deepEqual(scenario.after(600).took(), ['spawn 4 of generation 1']);
  t.true(scenario.ages('ready').includes(2));
});
