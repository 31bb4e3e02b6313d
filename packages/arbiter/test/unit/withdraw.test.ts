import test from 'ava';
import { Scenario } from './scenario.ts';

function moments(scenario: Scenario): string[] {
  return scenario.actions.flatMap((action) => (action.do === 'announce' ? [action.moment.moment] : []));
}

test('with shutdownDelay TERM says so, serves on, and stops when it is over', (t) => {
  const scenario = Scenario.serving({ shutdownDelay: 5 }).signal('SIGTERM');
  t.true(moments(scenario).includes('withdrawing'));
  t.deepEqual(scenario.took(), []);
  t.deepEqual(scenario.after(4900).took(), []);
  scenario.exited(1, { signal: 'SIGKILL', code: null });
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
  t.deepEqual(scenario.after(200).took(), ['close-listeners', 'TERM 2', 'TERM 3']);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} does not wait for the rest of shutdownDelay`, (t) => {
    const scenario = Scenario.serving({ shutdownDelay: 5 }).signal('SIGTERM');
    scenario.took();
    const told = signal === 'SIGTERM' ? 'TERM' : 'QUIT';
    t.deepEqual(scenario.signal(signal).took(), ['close-listeners', `${told} 1`, `${told} 2`]);
  });
}

test('INT does not wait at all', (t) => {
  const scenario = Scenario.serving({ shutdownDelay: 5 }).signal('SIGINT');
  t.deepEqual(scenario.took(), ['close-listeners', 'QUIT 1', 'QUIT 2']);
});

test('nobody waits for an arbiter that another one has taken over from', (t) => {
  const scenario = Scenario.serving({ shutdownDelay: 5 })
    .signal('SIGUSR2')
    .push({ type: 'upgrade-started', pid: 77 });
  scenario.took();
  t.deepEqual(scenario.signal('SIGTERM').took(), ['close-listeners', 'TERM 1', 'TERM 2']);
});

test('workers are announced from their start to their end, with why they ended', (t) => {
  const scenario = Scenario.serving();
  scenario.exited(1, { signal: 'SIGKILL', code: null, outOfMemory: true });
  const ended = scenario.actions.flatMap((action) =>
    action.do === 'announce' && action.moment.moment === 'worker-ended' ? [action.moment] : [],
  );
  t.like(ended, { 0: { age: 1, slot: 1, cause: 'oom' } });
  const [last] = scenario.workers().slice(-1);
  scenario.boot(last!.age);
  t.deepEqual(
    moments(scenario).filter((moment) => moment.startsWith('worker-')),
    ['worker-ended', 'worker-started', 'worker-ready'],
  );
});

test('a server that is drained serves on, is resumed, and stops at once', (t) => {
  const scenario = Scenario.serving({ shutdownDelay: 5 });
  const ask = (what: 'drain' | 'resume'): Scenario =>
    scenario.push({ type: 'asked', request: { ask: what }, by: 'uid 0' });
  t.deepEqual(moments(ask('drain')), ['withdrawing']);
  t.deepEqual(scenario.after(60_000).took(), []);
  t.deepEqual(moments(ask('resume')), ['resumed']);
  scenario.took();
  t.deepEqual(moments(ask('drain')), ['withdrawing']);
  t.deepEqual(scenario.signal('SIGTERM').took(), ['close-listeners', 'TERM 1', 'TERM 2']);
});
