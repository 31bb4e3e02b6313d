import test from 'ava';
import { Scenario } from './scenario.ts';

test('TERM closes the listeners, lets the workers finish, and ends with 0', (t) => {
  const scenario = Scenario.serving().signal('SIGTERM');
  t.deepEqual(scenario.took(), ['close-listeners', 'TERM 1', 'TERM 2']);
  scenario.exited(1);
  t.deepEqual(scenario.took(), []);
  t.deepEqual(scenario.exited(2).took(), ['finish 0']);
});

for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} tells the workers to leave at once, and kills them after 2 s`, (t) => {
    const scenario = Scenario.serving().signal(signal);
    t.deepEqual(scenario.took(), ['close-listeners', 'QUIT 1', 'QUIT 2']);
    t.deepEqual(scenario.exited(1).after(1900).took(), []);
    t.deepEqual(scenario.after(200).took(), ['KILL 2']);
  });

  test(`${signal} cuts a graceful stop short`, (t) => {
    const scenario = Scenario.serving().signal('SIGTERM');
    scenario.took();
    t.deepEqual(scenario.signal(signal).took(), ['QUIT 1', 'QUIT 2']);
    t.deepEqual(scenario.after(2100).took(), ['KILL 1', 'KILL 2']);
  });
}

test('workers that outstay gracefulTimeout are killed once', (t) => {
  const scenario = Scenario.serving({ gracefulTimeout: 3 }).signal('SIGTERM');
  scenario.took();
  t.deepEqual(scenario.after(3500).took(), []);
  t.deepEqual(scenario.after(600).took(), ['KILL 1', 'KILL 2']);
  t.deepEqual(scenario.after(1000).took(), []);
});

for (const signal of ['SIGHUP', 'SIGTTIN', 'SIGTTOU', 'SIGUSR2', 'SIGWINCH', 'SIGTERM'] as const) {
  test(`${signal} changes nothing while the server stops`, (t) => {
    const scenario = Scenario.serving().signal('SIGTERM');
    scenario.took();
    t.deepEqual(scenario.signal(signal).took(), []);
  });
}

test('no worker is started while the server stops', (t) => {
  const scenario = Scenario.serving().signal('SIGTERM');
  scenario.took();
  t.deepEqual(scenario.exited(1, { code: 1 }).took(), []);
});

test('a stop before any worker was started ends at once', (t) => {
  const scenario = Scenario.serving({ workers: 0 }).signal('SIGTERM');
  t.deepEqual(scenario.took(), ['close-listeners', 'finish 0']);
});

test('nothing happens after the end', (t) => {
  const scenario = Scenario.serving({ workers: 0 }).signal('SIGTERM');
  scenario.took();
  t.deepEqual(scenario.signal('SIGHUP').after(5000).took(), []);
});

test('a worker that drains for longer than gracefulTimeout is killed', (t) => {
  const scenario = Scenario.serving({ gracefulTimeout: 3 }).signal('SIGTTOU');
  scenario.took();
  t.deepEqual(scenario.after(4000).took(), []);
  t.deepEqual(scenario.after(1500).took(), ['KILL 2']);
});
