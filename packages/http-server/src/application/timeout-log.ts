import type { Logger } from '@gunicorn-ts/interface';
import { clock } from '../loop/clock.ts';
import type { BegunRequest } from '../observe/ended-request.ts';

/** Says that a request was given up. */
export function logTimeout(log: Logger, { head, startedAt }: BegunRequest): void {
  const { method, target } = head;
  const ageMs = clock.look() - startedAt;
  log.error(`Request timed out after ${(ageMs / 1000).toFixed(1)} s: ${method} ${target}`, {
    method,
    target,
    ageMs,
  });
}
