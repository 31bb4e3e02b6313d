import test from 'ava';
import { ChildGoneError } from '../../src/errors.ts';
import type { Lane } from '../../src/lane.ts';
import { LanePool } from '../../src/lane-pool.ts';

const [first, second] = [{ name: 'first' }, { name: 'second' }] as unknown as readonly [Lane, Lane];

test('who waits for a lane gets the next one that is given back', async (t) => {
  const pool = new LanePool([first]);
  t.is(await pool.take(), first);
  const waiting = [pool.take(), pool.take()];
  pool.giveBack(first);
  t.is(await waiting[0], first);
  pool.giveBack(first);
  t.is(await waiting[1], first);
});

test('a lane that is lost is given to nobody', async (t) => {
  const pool = new LanePool([first, second]);
  pool.lose(second, new ChildGoneError(undefined));
  t.is(await pool.take(), first);
  const waiting = pool.take();
  pool.giveBack(second);
  pool.giveBack(first);
  t.is(await waiting, first);
});

test('with the last lane nobody is left waiting', async (t) => {
  const pool = new LanePool([first, second]);
  await pool.take();
  await pool.take();
  const waiting = Promise.resolve(pool.take());
  pool.lose(first, new ChildGoneError(undefined));
  pool.lose(second, new ChildGoneError(undefined));
  await t.throwsAsync(waiting, { instanceOf: ChildGoneError });
  t.throws(() => pool.take(), { instanceOf: ChildGoneError });
});
