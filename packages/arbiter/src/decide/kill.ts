import type { WorkerState } from '../worker-state.ts';
import type { Turn } from './turn.ts';

/** Ends a worker that cannot be asked to leave; the line about its end says why. */
export function kill(turn: Turn, worker: WorkerState, reason: string): void {
  turn.setWorker(worker, { killedFor: reason });
  turn.do({ do: 'signal-worker', age: worker.age, signal: 'SIGKILL' });
}
