import test from 'ava';
import { View } from '../../src/view.ts';
import { Scenario } from './scenario.ts';

/** What subscribers see of the first worker. */
function first(scenario: Scenario): ReturnType<View['workers']>[number] {
  const view = new View({} as never);
  view.follow({ state: () => scenario.state, memory: () => undefined });
  return view.workers()[0]!;
}

const told = (rest: { readonly silentMs?: number }): Parameters<Scenario['push']>[0] => ({
  type: 'message',
  age: 1,
  message: { type: 'application', version: 1, applicationPids: [7, 8], ...rest },
});

test('the processes of an application are known as they are now, and how long one of them stands still', (t) => {
  const scenario = Scenario.serving();
  scenario.push(told({ silentMs: 5000 }));
  t.deepEqual(first(scenario).applicationPids, [7, 8]);
  t.is(first(scenario).lastBeat, scenario.now - 5000);
  scenario.after(1000);
  t.is(scenario.now - first(scenario).lastBeat, 6000, 'though the worker beats');
  t.deepEqual(scenario.took(), [], 'its end is the business of whoever watches it');
  scenario.push(told({}));
  t.true(scenario.now - first(scenario).lastBeat < 1000);
});

test('what a worker says of its end is told with it', (t) => {
  const scenario = Scenario.serving();
  const reason = 'The event loop of the Python process (pid: 7) has not turned for 20.0 s';
  scenario.push({ type: 'message', age: 1, message: { type: 'draining', version: 1, reason } });
  scenario.exited(1, { code: 1, signal: null });
  const ended = scenario.actions.find(
    (action) => action.do === 'announce' && action.moment.moment === 'worker-ended',
  );
  t.like(ended, { moment: { cause: 'crash', reason } });
});
