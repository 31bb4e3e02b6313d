import type { AccessRecord } from '@gunicorn-ts/interface';
import type { Engine } from '../engine.ts';
import { clock } from '../loop/clock.ts';
import type { BegunRequest } from '../observe/ended-request.ts';
import { RequestRecord } from '../observe/access-record.ts';

/**
 * Records of the requests that are lost because the process ends at once. See `Worker.cutOff`.
 * @param answered the request that somebody else has answered, and recorded
 */
export function cutOff(engine: Engine, status: number, answered?: BegunRequest): AccessRecord[] {
  const now = clock.look();
  const records: AccessRecord[] = [];
  for (const { exchange } of engine.connections) {
    if (exchange === undefined || exchange === answered) continue;
    exchange.cutAs = status;
    records.push(new RequestRecord(exchange, now - exchange.startedAt));
  }
  return records;
}
