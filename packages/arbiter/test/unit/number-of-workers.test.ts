import test from 'ava';
import { Scenario } from './scenario.ts';

test('the first worker gets a head start, then the others follow', (t) => {
  const scenario = new Scenario({ workers: 3 }).push({ type: 'start' });
  t.deepEqual(scenario.took(), ['spawn 1 of generation 1']);
  t.deepEqual(scenario.after(400).took(), []);
  t.deepEqual(scenario.after(200).took(), ['spawn 2 of generation 1', 'spawn 3 of generation 1']);
});

test('the others follow at once when the first worker is ready', (t) => {
  const scenario = new Scenario({ workers: 3 }).push({ type: 'start' });
  scenario.took();
  scenario.boot(1);
  t.deepEqual(scenario.took(), ['spawn 2 of generation 1', 'spawn 3 of generation 1']);
});

test('TTIN adds a worker', (t) => {
  t.deepEqual(Scenario.serving().signal('SIGTTIN').took(), ['spawn 3 of generation 1']);
});

test('TTOU drains the worker with the highest number, so that the others keep theirs', (t) => {
  t.deepEqual(Scenario.serving().signal('SIGTTOU').took(), ['TERM 2']);
});

test('TTOU leaves the last worker alone', (t) => {
  t.deepEqual(Scenario.serving({ workers: 1 }).signal('SIGTTOU').took(), []);
});

test('TTOU after TTIN gives up the worker that is still booting', (t) => {
  const scenario = Scenario.serving().signal('SIGTTIN').spawned(3);
  scenario.took();
  t.deepEqual(scenario.signal('SIGTTOU').took(), ['TERM 3']);
});

test('WINCH drains all workers and starts none', (t) => {
  const scenario = Scenario.serving().signal('SIGWINCH');
  t.deepEqual(scenario.took(), ['TERM 1', 'TERM 2']);
  scenario.exited(1).exited(2);
  t.deepEqual(scenario.took(), []);
  t.is(scenario.state.phase, 'running');
});

test('WINCH means nothing at a terminal, and only the debug log says that it came', (t) => {
  const scenario = Scenario.serving().push({ type: 'signal', signal: 'SIGWINCH', atTerminal: true });
  t.deepEqual(scenario.took(), []);
  t.is(scenario.state.target, 2);
  t.deepEqual(scenario.logged('info'), []);
});

test('HUP brings back the workers that WINCH drained', (t) => {
  const scenario = Scenario.serving().signal('SIGWINCH').exited(1).exited(2).reload();
  scenario.boot(3);
  t.deepEqual(scenario.ages(), [3, 4]);
});

test('a worker that dies is replaced at once', (t) => {
  const scenario = Scenario.serving().after(20_000);
  scenario.took();
  scenario.exited(1, { code: null, signal: 'SIGKILL' });
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
});

test('a worker that somebody else told to leave is replaced before it has left', (t) => {
  const scenario = Scenario.serving().message(1, { type: 'draining' });
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
});

/** Workers that were ready die as soon as they are, all at a time; gives the longest wait for a replacement. */
function longestWait(scenario: Scenario, rounds: number): number {
  let longest = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { age } of scenario.workers('ready')) scenario.exited(age, { code: 1 });
    let waited = 0;
    for (; scenario.ages().length < scenario.state.target; waited += 50) scenario.after(50);
    longest = Math.max(longest, waited);
    for (const { age } of scenario.workers('booting')) scenario.boot(age);
  }
  return longest;
}

for (const workers of [1, 2, 16]) {
  test(`with ${workers} workers, those that served are replaced at once, though all die five times`, (t) => {
    t.is(longestWait(Scenario.serving({ workers }), 5), 0);
  });

  test(`with ${workers} workers that die as soon as they are ready, each is started once a second`, (t) => {
    const scenario = Scenario.serving({ workers });
    const began = scenario.now;
    t.true(longestWait(scenario, 40) <= 1000);
    const seconds = (scenario.now - began) / 1000;
    const started = scenario.state.lastAge - workers;
    t.true(started <= workers * (seconds + 6), `${started} in ${seconds} s`);
  });
}

test('a worker that the arbiter kills for its silence is replaced at once, however often', (t) => {
  const scenario = Scenario.serving({ workers: 1, timeout: 5, autopsy: false });
  for (let age = 1; age <= 8; age++) {
    scenario.after(5001, [age]);
    t.deepEqual(scenario.ages('booting'), [age + 1]);
    scenario
      .boot(age + 1)
      .after(1001, [age])
      .exited(age, { code: null, signal: 'SIGKILL' });
  }
});

test('attempts that end before the worker is ready are spaced out, to half a minute at most', (t) => {
  const scenario = Scenario.serving({ workers: 1 }).exited(1, { code: 1 });
  const delays: number[] = [];
  for (let age = 2; age <= 10; age++) {
    scenario.failBoot(age, 3);
    const began = scenario.now;
    while (scenario.ages().length === 0) scenario.after(250);
    delays.push(scenario.now - began);
  }
  t.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('workers that were started together and fail together count as one attempt', (t) => {
  const scenario = Scenario.serving({ workers: 16 });
  for (let age = 1; age <= 16; age++) scenario.exited(age, { code: null, signal: 'SIGKILL' });
  for (const age of scenario.ages()) scenario.after(10).failBoot(age, 3);
  t.deepEqual(scenario.ages(), []);
  scenario.after(500);
  t.is(scenario.ages('booting').length, 16);
});

test('the log says why no worker is started', (t) => {
  const scenario = Scenario.serving({ workers: 1 }).exited(1, { code: 1 }).failBoot(2, 3);
  scenario.after(500).failBoot(3, 3);
  t.deepEqual(scenario.logged('warning'), [
    'The next worker is started in 1 s: 2 attempts in a row ended before the worker was ready',
  ]);
});

test('while one worker does not come up, another one that dies is replaced at once', (t) => {
  const scenario = Scenario.serving({ workers: 2 }).exited(1, { code: 1 });
  for (let age = 3; age < 9; age++) {
    scenario.failBoot(age, 3);
    if (age === 8) break;
    while (scenario.ages('booting').length === 0) scenario.after(250);
  }
  t.deepEqual(scenario.ages(), [2]);
  t.deepEqual(scenario.exited(2, { code: 1 }).ages(), [9]);
  t.deepEqual(scenario.boot(9).ages(), [9, 10], 'one became ready: what kept the other back is gone');
});

test('TTIN starts a worker while another one does not come up', (t) => {
  const scenario = Scenario.serving({ workers: 2 }).exited(1, { code: 1 });
  scenario.failBoot(3, 3);
  t.deepEqual(scenario.ages(), [2]);
  t.deepEqual(scenario.signal('SIGTTIN').ages(), [2, 4]);
  t.deepEqual(scenario.signal('SIGTTOU').after(10).ages(), [2, 4]);
});

test('a worker that dies during a roll-out whose workers fail is replaced at once', (t) => {
  const scenario = Scenario.serving({ workers: 3 }).reload({ workers: 3 }).boot(4).exited(1);
  scenario.failBoot(5, 3);
  scenario.took();
  t.deepEqual(scenario.after(100).took(), []);
  t.deepEqual(scenario.exited(2, { code: 1 }).took(), ['spawn 6 of generation 2']);
});

test('healthy workers are left alone while another one crashes', (t) => {
  const scenario = Scenario.serving({ workers: 3 });
  for (let age = 3; age < 8; age++)
    scenario
      .exited(age, { code: 1 })
      .after(30_000)
      .boot(age + 1);
  t.deepEqual(
    scenario.took().filter((text) => text.startsWith('TERM') || text.startsWith('KILL')),
    [],
  );
  t.true(scenario.ages('ready').includes(1));
});

test('a worker that asks to be replaced goes on until its replacement is ready', (t) => {
  const scenario = Scenario.serving().message(1, {
    type: 'recycle',
    reason: 'max-requests',
    detail: '10',
  } as never);
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
  scenario.boot(3);
  t.deepEqual(scenario.took(), ['TERM 1']);
});

test('workers that ask to be replaced together are replaced one after the other', (t) => {
  const recycle = { type: 'recycle', reason: 'max-requests', detail: '10' } as never;
  const scenario = Scenario.serving().message(1, recycle).message(2, recycle);
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
  scenario.boot(3);
  t.deepEqual(scenario.took(), ['TERM 1']);
  scenario.after(5000);
  t.deepEqual(scenario.took(), []);
  scenario.exited(1);
  t.deepEqual(scenario.took(), ['spawn 4 of generation 1']);
  scenario.boot(4);
  t.deepEqual(scenario.took(), ['TERM 2']);
});

test('with reusePort a replacement takes over the slot of the worker it replaces', (t) => {
  const scenario = Scenario.serving({ reusePort: true });
  t.deepEqual(
    scenario.workers().map((worker) => worker.slot),
    [0, 1],
  );
  scenario.message(2, { type: 'recycle', reason: 'memory', detail: '1' } as never);
  t.is(scenario.state.workers.get(3)?.slot, 1);
});

test('with reusePort the socket of a slot that is no longer wanted is closed with its worker', (t) => {
  const scenario = Scenario.serving({ reusePort: true }).message(1, {
    type: 'recycle',
    reason: 'memory',
    detail: '1',
  } as never);
  scenario.boot(3).exited(1).signal('SIGTTOU');
  t.deepEqual(scenario.took().slice(-2), ['close-slot 1', 'TERM 2']);
});

test('with reusePort TTOU ends the worker whose slot is no longer wanted, so that every queue is read', (t) => {
  const scenario = Scenario.serving({ reusePort: true }).signal('SIGTTIN').boot(3);
  scenario.took();
  t.deepEqual(scenario.signal('SIGTTOU').took(), ['close-slot 2', 'TERM 3']);
  t.deepEqual(
    scenario.workers('ready').map((worker) => worker.slot),
    [0, 1],
  );
});

test('with reusePort a reload replaces the worker whose slot the new one shares', (t) => {
  const scenario = Scenario.serving({ reusePort: true }).after(20_000).exited(1, { code: 1 }).boot(3);
  t.deepEqual(
    scenario.workers().map((worker) => worker.slot),
    [1, 0],
  );
  scenario.reload({ reusePort: true });
  scenario.took();
  t.deepEqual(scenario.boot(4).took(), ['adopt 2', 'TERM 3']);
});

test('workers that drain by themselves after every start are replaced once a second', (t) => {
  const scenario = Scenario.serving({ workers: 1 });
  for (let age = 1; age <= 6; age++)
    scenario
      .message(age, { type: 'draining' })
      .exited(age, { code: 1 })
      .after(age === 6 ? 1000 : 0)
      .boot(age + 1);
  t.deepEqual(scenario.ages('ready'), [7]);
  scenario.message(7, { type: 'draining' }).exited(7, { code: 1 });
  t.deepEqual(scenario.ages(), []);
  t.deepEqual(scenario.after(1000).ages(), [8]);
});

test('a worker that an operator tells to leave is replaced at once', (t) => {
  const scenario = Scenario.serving().after(20_000).message(1, { type: 'draining' });
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
  t.deepEqual(scenario.message(2, { type: 'draining' }).took(), ['spawn 4 of generation 1']);
});

test('USR1 waits for workers that still boot', (t) => {
  const scenario = Scenario.serving().signal('SIGTTIN').spawned(3);
  scenario.took();
  t.deepEqual(scenario.signal('SIGUSR1').took(), ['reopen-logs', 'USR1 1', 'USR1 2']);
  t.deepEqual(scenario.message(3, { type: 'ready' }).took(), ['USR1 3']);
});

const slots = (scenario: Scenario): number[] => scenario.workers('ready').map((worker) => worker.slot);

test('a worker that dies leaves its number to its replacement', (t) => {
  const scenario = Scenario.serving({ workers: 3 }).after(20_000).exited(2, { code: 1 });
  t.is(scenario.state.workers.get(4)?.slot, 1);
  scenario.boot(4);
  t.deepEqual(slots(scenario).toSorted(), [0, 1, 2]);
});

test('after a reload each number is there once', (t) => {
  const scenario = Scenario.serving({ workers: 3 }).reload({ workers: 3 });
  scenario.boot(4);
  t.deepEqual(
    scenario.workers('draining').map((worker) => worker.age),
    [1],
  );
  scenario.exited(1).boot(5).exited(2).boot(6).exited(3);
  t.deepEqual(slots(scenario), [0, 1, 2]);
});

test('a worker that hung and recovered leaves when its replacement has its number', (t) => {
  const scenario = Scenario.serving().after(31_000, [2]).boot(3).after(100);
  t.deepEqual(
    scenario.workers('draining').map((worker) => worker.age),
    [2],
  );
  t.deepEqual(slots(scenario), [0, 1]);
});
