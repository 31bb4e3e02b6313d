import test from 'ava';
import { inLanes } from '../../src/lanes.ts';

test('no more tasks run at a time than there are lanes, and what they find is in their order', async (t) => {
  let running = 0;
  let most = 0;
  const task = (name: string, turns: number) => async (): Promise<string[]> => {
    most = Math.max(most, (running += 1));
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    running -= 1;
    return [name];
  };
  const tasks = [task('a', 9), task('b', 1), task('c', 5), task('d', 1), task('e', 1)];
  t.deepEqual(await inLanes(tasks, 2), ['a', 'b', 'c', 'd', 'e']);
  t.is(most, 2);
  t.deepEqual(await inLanes([], 2), []);
});
