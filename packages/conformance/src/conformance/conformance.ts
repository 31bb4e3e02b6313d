import type { TestFn } from 'ava';
import { booting } from './booting.ts';
import { heartbeats } from './heartbeats.ts';
import { recycling } from './recycling.ts';
import { requests } from './requests.ts';
import { stopping } from './stopping.ts';
import { shareSubject, type Subject } from './subject.ts';

/**
 * The contract of a worker class as tests: everything that `WorkerClass` and `Worker` promise, seen from outside the
 * real server.
 *
 * ```ts
 * import test from 'ava';
 * import worker from '../my-worker.ts';
 * workerConformance(test, { select: '/path/to/my-worker.ts', serves: worker.serves });
 * ```
 */
export function workerConformance(test: TestFn, subject: Subject): void {
  const shared = shareSubject(test, subject);
  booting(test, subject, shared);
  requests(test, subject, shared);
  stopping(test, subject);
  heartbeats(test, subject);
  recycling(test, subject);
}
