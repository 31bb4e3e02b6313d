import test from 'ava';
import { Scenario } from './scenario.ts';

test('USR2 starts a second arbiter', (t) => {
  t.deepEqual(Scenario.serving().signal('SIGUSR2').took(), ['start-upgrade']);
});

test('a second USR2 is ignored while the second arbiter lives', (t) => {
  const scenario = Scenario.serving().signal('SIGUSR2').push({ type: 'upgrade-started', pid: 9 });
  scenario.took();
  scenario.signal('SIGUSR2');
  t.deepEqual(scenario.logged('warning'), ['USR2 signal ignored. Child exists.']);
  t.deepEqual(scenario.took(), []);
});

test('USR2 can be tried again when the second arbiter has ended', (t) => {
  const scenario = Scenario.serving().signal('SIGUSR2').push({ type: 'upgrade-started', pid: 9 });
  scenario.push({ type: 'upgrade-ended', reason: 'it exited with code 1' });
  scenario.took();
  t.deepEqual(scenario.signal('SIGUSR2').took(), ['start-upgrade']);
});

test('the second arbiter refuses USR2 until it is promoted', (t) => {
  const scenario = new Scenario({ workers: 0 }, 77).push({ type: 'start' }).signal('SIGUSR2');
  t.deepEqual(scenario.logged('warning'), ['USR2 signal ignored. Parent exists.']);
  scenario.push({ type: 'parent-gone' });
  t.deepEqual(scenario.took(), ['promote']);
  t.deepEqual(scenario.signal('SIGUSR2').took(), ['start-upgrade']);
});

test('unix socket files stay while two arbiters share them', (t) => {
  const scenario = Scenario.serving().signal('SIGUSR2').push({ type: 'upgrade-started', pid: 9 });
  scenario.signal('SIGTERM');
  t.deepEqual(
    scenario.actions.find((action) => action.do === 'close-listeners'),
    { do: 'close-listeners', shared: true },
  );
});

test('a first arbiter that stops names the second one that goes on', (t) => {
  const scenario = Scenario.serving().signal('SIGUSR2').push({ type: 'upgrade-started', pid: 9 });
  scenario.signal('SIGTERM');
  for (const age of scenario.ages()) scenario.exited(age);
  const told = scenario.actions.filter(
    (action) => action.do === 'finish' || (action.do === 'announce' && action.moment.moment === 'stopping'),
  );
  t.deepEqual(told, [
    { do: 'announce', moment: { moment: 'stopping', successor: 9 } },
    { do: 'finish', exitCode: 0, successor: 9 },
  ]);
});

test('a second arbiter that is only being started is nobody to leave the service to', (t) => {
  const scenario = Scenario.serving().signal('SIGUSR2').signal('SIGTERM');
  for (const age of scenario.ages()) scenario.exited(age);
  const end = scenario.actions.find((action) => action.do === 'finish');
  t.deepEqual(end, { do: 'finish', exitCode: 0 });
});
