import test from 'ava';
import { Scenario } from './scenario.ts';

const starting = (settings = {}): Scenario => new Scenario(settings).push({ type: 'start' });

test('a reload that is asked for before the first worker is ready begins when it is', (t) => {
  const scenario = starting({ workers: 1 }).signal('SIGHUP').after(5000);
  t.deepEqual(scenario.took(), ['spawn 1 of generation 1']);
  t.deepEqual(scenario.boot(1).took(), ['load 2']);
});

test('a reload that waited and fails leaves the first worker serving', (t) => {
  const scenario = starting({ workers: 1 }).signal('SIGHUP').boot(1);
  scenario.push({ type: 'load-failed', generation: 2, reason: 'workers: bad' });
  t.deepEqual(scenario.logged('error'), [
    'Reload failed, the workers that were serving go on unchanged: workers: bad',
  ]);
});

test('reloads that wait are one reload', (t) => {
  const scenario = starting({ workers: 1 }).signal('SIGHUP').signal('SIGHUP').signal('SIGHUP').boot(1);
  t.is(scenario.logged('info').filter((line) => line.includes('begins when')).length, 1);
  t.deepEqual(scenario.took(), ['spawn 1 of generation 1', 'load 2']);
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings({ workers: 1 }) });
  t.deepEqual(scenario.took(), ['spawn 2 of generation 2']);
});

test('a first worker that fails while a reload waits does not stop the server before it', (t) => {
  const scenario = starting({ workers: 2 }).after(600).signal('SIGHUP');
  scenario.took();
  t.deepEqual(scenario.failBoot(1, 3).took(), []);
  t.deepEqual(scenario.failBoot(2, 3).took(), ['load 2']);
});

test('settings that cure the first start take over from it', (t) => {
  const scenario = starting({ workers: 1 }).signal('SIGHUP').failBoot(1, 3);
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings({ workers: 1 }) });
  scenario.took();
  t.deepEqual(scenario.boot(2).took(), ['adopt 2']);
});

test('a reload that does not cure the first start lets the server stop after all', (t) => {
  const scenario = starting({ workers: 1 }).signal('SIGHUP').failBoot(1, 3);
  scenario.push({ type: 'load-failed', generation: 2, reason: 'workers: bad' }).after(1000);
  t.is(scenario.failBoot(2, 3).took().at(-1), 'finish 3');
});

test('a first worker that outstays bootTimeout lets the reload begin', (t) => {
  const scenario = starting({ workers: 1, bootTimeout: 10 }).spawned(1).signal('SIGHUP').after(9000);
  scenario.took();
  t.deepEqual(scenario.after(1500).took(), ['KILL 1', 'load 2']);
});

test('without bootTimeout a reload does not wait for ever', (t) => {
  const scenario = starting({ workers: 1, bootTimeout: 0 }).spawned(1).signal('SIGHUP').after(14_000);
  scenario.took();
  t.deepEqual(scenario.after(1500).took(), ['load 2']);
});

test('an edit of a file does not wait, and does what the waiting reload was asked for', (t) => {
  const scenario = starting({ workers: 1, reload: true }).signal('SIGHUP');
  scenario.push({ type: 'files-changed', files: ['/app.ts'] });
  t.deepEqual(scenario.boot(1).took(), ['spawn 1 of generation 1', 'load 2']);
});

test('a stop ends a reload that waits', (t) => {
  const scenario = starting({ workers: 1 }).spawned(1).signal('SIGHUP').signal('SIGTERM').exited(1);
  t.deepEqual(scenario.took(), ['spawn 1 of generation 1', 'close-listeners', 'TERM 1', 'finish 0']);
});

test('a reload waits for nobody where no worker is wanted', (t) => {
  t.deepEqual(starting({ workers: 0 }).signal('SIGHUP').took(), ['load 2']);
});
