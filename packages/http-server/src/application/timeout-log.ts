import type { Logger } from '@gunicorn-ts/interface';
import { clock } from '../loop/clock.ts';
import type { BegunRequest } from '../observe/ended-request.ts';
import { named } from '../observe/request-id.ts';
import type { WaitedFor } from './gate.ts';

const BECAUSE: Readonly<Record<WaitedFor, string>> = {
  application: '',
  reader: ', whose client does not read the response',
  sender: ', whose client does not send the body',
};

/** Says that a request was given up. */
export function logTimeout(log: Logger, { head, startedAt }: BegunRequest, waitedFor: WaitedFor): void {
  const { text, fields } = named(head);
  const ageMs = clock.look() - startedAt;
  const age = `${(ageMs / 1000).toFixed(1)} s`;
  // What a client does is no error of the server, and anybody may do it.
  const level = waitedFor === 'application' ? 'error' : 'warning';
  log[level](`Request timed out after ${age}: ${text}${BECAUSE[waitedFor]}`, { ...fields, ageMs });
}
