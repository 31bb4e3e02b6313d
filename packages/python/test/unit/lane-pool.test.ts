import test from 'ava';
import { ChildGoneError } from '../../src/errors.ts';
import type { Lane } from '../../src/lane.ts';
import { LanePool } from '../../src/lane-pool.ts';

const [first, second, third] = ['first', 'second', 'third'].map((name) => ({ name })) as unknown as readonly [
  Lane,
  Lane,
  Lane,
];

function poolOf(...groups: readonly (readonly Lane[])[]): LanePool {
  const pool = new LanePool();
  for (const lanes of groups) pool.join(lanes);
  return pool;
}

test('who waits for a lane gets the next one that is given back', async (t) => {
  const pool = poolOf([first]);
  t.is(await pool.take(), first);
  const waiting = [pool.take(), pool.take()];
  pool.giveBack(first);
  t.is(await waiting[0], first);
  pool.giveBack(first);
  t.is(await waiting[1], first);
});

test('a lane that is lost is given to nobody', async (t) => {
  const pool = poolOf([first, second]);
  pool.lose(second, new ChildGoneError(undefined));
  t.is(await pool.take(), first);
  const waiting = pool.take();
  pool.giveBack(second);
  pool.giveBack(first);
  t.is(await waiting, first);
});

test('with the last lane nobody is left waiting', async (t) => {
  const pool = poolOf([first, second]);
  await pool.take();
  await pool.take();
  const waiting = Promise.resolve(pool.take());
  pool.lose(first, new ChildGoneError(undefined));
  pool.lose(second, new ChildGoneError(undefined));
  await t.throwsAsync(waiting, { instanceOf: ChildGoneError });
  t.throws(() => pool.take(), { instanceOf: ChildGoneError });
});

test('a request goes to the process with the least to do, and of equals always to the first', async (t) => {
  const pool = poolOf([first, second], [third]);
  const one = await pool.take();
  t.is(one, second);
  pool.giveBack(one);
  t.is(await pool.take(), second);
  t.is(await pool.take(), first);
  t.is(await pool.take(), third);
});

test('lanes that are withdrawn are given to nobody, and who waits gets those of the next process', async (t) => {
  const pool = poolOf([first]);
  t.is(await pool.take(), first);
  const waiting = pool.take();
  pool.withdraw([first]);
  pool.giveBack(first);
  pool.join([second]);
  t.is(await waiting, second);
});

test('the last request of a lane that is withdrawn can be given up, until the lane is closed', (t) => {
  let times = 0;
  const lane = { closed: false, current: { number: 7, owner: { giveUp: () => (times += 1) } } };
  const retiring = lane as unknown as Lane;
  const pool = poolOf([retiring]);
  pool.withdraw([retiring]);
  pool.giveUp(7);
  t.is(times, 1);
  lane.closed = true;
  pool.withdraw([retiring]);
  pool.giveUp(7);
  t.is(times, 1);
});
