import type { ArrivedRequest } from '@gunicorn-ts/http-server';
import type { RequestSummary } from '@gunicorn-ts/interface';

const TARGET_LIMIT = 200;

/** What the autopsy and the log show of a request. */
export function summaryOf({ head, remoteAddress, startedAt }: ArrivedRequest): RequestSummary {
  return {
    method: head.method,
    target: head.target.slice(0, TARGET_LIMIT),
    ageMs: Math.round(performance.now() - startedAt),
    peer: remoteAddress,
  };
}
