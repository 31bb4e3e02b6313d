import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript heap that survive a collection. */
export function heapInUse(): number {
  // Twice: what a finalizer releases in the first is only taken by the second.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
