import test from 'ava';
import { Scenario } from './scenario.ts';

test('a reload reads the settings before anything else happens', (t) => {
  t.deepEqual(Scenario.serving().signal('SIGHUP').took(), ['load 2']);
});

test('one worker of the new generation is started beside the old ones', (t) => {
  t.deepEqual(Scenario.serving().reload().took(), ['load 2', 'spawn 3 of generation 2']);
});

test('no old worker leaves before the first new one is ready', (t) => {
  const scenario = Scenario.serving().reload();
  scenario.took();
  t.deepEqual(scenario.spawned(3).after(5000).took(), []);
  t.deepEqual(scenario.message(3, { type: 'ready' }).took(), ['adopt 2', 'TERM 1']);
});

test('the old workers are replaced one by one', (t) => {
  const scenario = Scenario.serving().reload().boot(3);
  scenario.took();
  t.deepEqual(scenario.after(1000).took(), []);
  t.deepEqual(scenario.exited(1).took(), ['spawn 4 of generation 2']);
  t.deepEqual(scenario.boot(4).took(), ['TERM 2']);
  t.deepEqual(scenario.exited(2).took(), []);
  t.deepEqual(scenario.ages('ready'), [3, 4]);
  t.deepEqual([...scenario.state.generations.keys()], [2]);
});

test('a line says that a reload is complete once the last old worker is gone', (t) => {
  const scenario = Scenario.serving().reload().after(1000).boot(3).exited(1).after(500).boot(4);
  t.false(scenario.logged('info').some((line) => line.startsWith('Reload complete')));
  scenario.after(700).exited(2).after(1000);
  t.deepEqual(
    scenario.logged('info').filter((line) => line.startsWith('Reload complete')),
    ['Reload complete: generation 2, 2 workers, 2.2 s'],
  );
});

test('a reload that another one overtakes is not called complete', (t) => {
  const scenario = Scenario.serving({ workers: 1 }).reload({ workers: 1 }).boot(2).reload({ workers: 1 });
  scenario.exited(1).boot(3).exited(2);
  t.deepEqual(
    scenario.logged('info').filter((line) => line.startsWith('Reload complete')),
    ['Reload complete: generation 3, 1 worker, 0.0 s'],
  );
});

test('a failed reload names the worker that ended, and how', (t) => {
  const boot = Scenario.serving().reload().failBoot(3, 3, 'TypeError: boom');
  t.regex(boot.logged('error')[0] ?? '', /unchanged: worker \(pid:103\) failed to boot: TypeError: boom$/);
  const died = Scenario.serving().reload().spawned(3).exited(3, { code: null, signal: 'SIGSEGV' });
  t.regex(died.logged('error')[0] ?? '', /unchanged: Worker \(pid:103\) was sent SIGSEGV!$/);
});

test('a roll-out that a later worker keeps back names that worker', (t) => {
  const scenario = Scenario.serving({ workers: 3 }).reload({ workers: 3 }).boot(4).exited(1);
  scenario.failBoot(5, 3, 'TypeError: boom');
  t.deepEqual(scenario.logged('error'), [
    'Worker (pid:105) failed to boot: TypeError: boom',
    'Reload of generation 2 kept back by worker (pid:105), which ended before it was ready: 2 older workers serve on',
  ]);
});

test('settings that do not load leave everything as it was', (t) => {
  const scenario = Scenario.serving()
    .signal('SIGHUP')
    .push({ type: 'load-failed', generation: 2, reason: 'workers: must be a number' });
  t.deepEqual(scenario.took(), ['load 2']);
  t.is(scenario.state.reload, undefined);
  t.deepEqual(scenario.ages('ready'), [1, 2]);
});

test('the reason for a failed reload is logged once', (t) => {
  const scenario = Scenario.serving()
    .signal('SIGHUP')
    .push({ type: 'load-failed', generation: 2, reason: 'workers: bad' });
  t.deepEqual(scenario.logged('error'), [
    'Reload failed, the workers that were serving go on unchanged: workers: bad',
  ]);
});

test('code that does not import leaves the old generation serving, and is not tried again', (t) => {
  const scenario = Scenario.serving().reload().failBoot(3, 3, 'TypeError: boom');
  t.deepEqual(scenario.took(), ['load 2', 'spawn 3 of generation 2', 'discard 2']);
  t.deepEqual(scenario.after(60_000).took(), []);
  t.is(scenario.state.current, 1);
  t.deepEqual(scenario.ages('ready'), [1, 2]);
});

test('a first worker that is not ready in gracefulTimeout ends the reload and is killed', (t) => {
  const scenario = Scenario.serving({ gracefulTimeout: 5 }).reload({ gracefulTimeout: 5 }).spawned(3);
  scenario.took();
  scenario.after(4000);
  t.deepEqual(scenario.took(), []);
  t.regex(scenario.after(1500).logged('error')[0] ?? '', /not ready 5 s \(gracefulTimeout\)/);
  t.deepEqual(scenario.took(), ['TERM 3', 'discard 2', 'KILL 3']);
  t.deepEqual(scenario.ages('ready'), [1, 2]);
});

test('a reload during the reading of settings reads them once more', (t) => {
  const scenario = Scenario.serving().signal('SIGHUP').signal('SIGHUP').signal('SIGHUP');
  t.deepEqual(scenario.took(), ['load 2']);
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings() });
  t.deepEqual(scenario.took(), ['discard 2', 'load 3']);
});

test('a reload while a generation is being proved gives that one up', (t) => {
  const scenario = Scenario.serving().reload().spawned(3);
  scenario.took();
  t.deepEqual(scenario.signal('SIGHUP').took(), ['TERM 3', 'discard 2', 'load 3']);
});

test('an old worker that dies while a generation is being proved is replaced by one of the old settings', (t) => {
  const scenario = Scenario.serving().after(20_000).reload();
  scenario.took();
  t.deepEqual(scenario.exited(1, { code: 1 }).took(), ['spawn 4 of generation 1']);
});

test('HUP takes up the number of the settings, whatever TTIN made of it', (t) => {
  const scenario = Scenario.serving().signal('SIGTTIN').boot(3).reload().boot(4);
  t.is(scenario.state.target, 2);
});

test('what TTIN changed survives the reload after an edit', (t) => {
  const scenario = Scenario.serving({ reload: true }).signal('SIGTTIN').boot(3);
  scenario.push({ type: 'files-changed', files: ['app.py'] });
  const generation = scenario.state.lastGeneration;
  scenario.push({ type: 'loaded', generation, settings: Scenario.settings({ reload: true }) }).boot(4);
  t.is(scenario.state.target, 3);
});

test('a changed number of workers in the file wins over TTIN', (t) => {
  const scenario = Scenario.serving().signal('SIGTTIN').boot(3).reload({ workers: 5 }).boot(4);
  t.is(scenario.state.target, 5);
});

test('a stop while the settings are being read discards them', (t) => {
  const scenario = Scenario.serving().signal('SIGHUP').signal('SIGTERM');
  scenario.took();
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings() });
  t.deepEqual(scenario.took(), ['discard 2']);
});

test('settings that never finish loading do not hold up later reloads', (t) => {
  const scenario = Scenario.serving({ bootTimeout: 5 }).signal('SIGHUP').signal('SIGHUP');
  scenario.took();
  t.deepEqual(scenario.after(19_000).took(), []);
  scenario.after(1500);
  t.regex(scenario.logged('error')[0] ?? '', /the settings were not loaded 20 s after the reload began/);
  t.deepEqual(scenario.took(), ['load 3']);
});

test('settings that loaded after they were given up are discarded, and say nothing about the next ones', (t) => {
  const scenario = Scenario.serving({ bootTimeout: 5 }).signal('SIGHUP').after(20_500).signal('SIGHUP');
  scenario.took();
  scenario.push({ type: 'load-failed', generation: 2, reason: 'too late' });
  t.is(scenario.state.reload?.generation, 3);
  scenario.push({ type: 'loaded', generation: 2, settings: Scenario.settings() });
  t.deepEqual(scenario.took(), ['discard 2']);
  t.is(scenario.state.reload?.generation, 3);
});

test('a changed file reloads', (t) => {
  const scenario = Scenario.serving({ reload: true }).push({ type: 'files-changed', files: ['/app.ts'] });
  t.deepEqual(scenario.took(), ['load 2']);
});
