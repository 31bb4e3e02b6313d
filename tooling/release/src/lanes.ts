import { availableParallelism } from 'node:os';

/**
 * Runs tasks side by side, as many as there are processors: installing is waiting for a registry for a good part. What
 * each found is given in the order of the tasks, whoever was first.
 */
export async function inLanes<T>(
  tasks: readonly (() => Promise<readonly T[]>)[],
  lanes: number = availableParallelism(),
): Promise<T[]> {
  const found: (readonly T[])[] = [];
  const left = [...tasks.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, task] = next;
      found[index] = await task();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, tasks.length) }, lane));
  return found.flat();
}
