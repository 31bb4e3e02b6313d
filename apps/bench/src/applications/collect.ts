import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What a process holds when the garbage is gone, in bytes. */
export interface Held {
  /** JavaScript heap that survives a collection. */
  readonly heap: number;
  /** What is resident besides the heap: buffers, what libuv and the allocator of C hold, the code of Node.js. */
  readonly besides: number;
}

/** Bytes of JavaScript heap that survive a collection. */
export function heapInUse(): number {
  return afterCollection().heapUsed;
}

/**
 * The heap as V8 has it reserved is left out: how many pages its young generation has follows how busy the last second
 * was, up to 96 MB, and says nothing of what is left.
 */
export function held(): Held {
  const { heapUsed, heapTotal, rss } = afterCollection();
  return { heap: heapUsed, besides: rss - heapTotal };
}

function afterCollection(): NodeJS.MemoryUsage {
  // Twice: what a finalizer releases in the first is only taken by the second.
  collect();
  collect();
  return process.memoryUsage();
}
