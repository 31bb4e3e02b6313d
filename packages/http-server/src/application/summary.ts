import type { RequestSummary } from '@gunicorn-ts/interface';
import type { Connection } from '../connection/connection.ts';

const TARGET_LIMIT = 200;

/** What the autopsy and the log show of the request that is with the application. */
export function summaryOf({ exchange, since, proxy, transport }: Connection): RequestSummary {
  const { method = '', target = '' } = exchange?.head ?? {};
  return {
    method,
    target: target.slice(0, TARGET_LIMIT),
    ageMs: Math.round(performance.now() - since),
    peer: proxy?.source?.address ?? transport.peer.host,
  };
}
