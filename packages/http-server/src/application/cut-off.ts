import type { AccessRecord } from '@gunicorn-ts/interface';
import type { Engine } from '../engine.ts';
import { clock } from '../loop/clock.ts';
import { RequestRecord } from '../observe/access-record.ts';

/** Records of the requests that are lost because the process ends at once. See `Worker.cutOff`. */
export function cutOff(engine: Engine, status: number): AccessRecord[] {
  const now = clock.look();
  const records: AccessRecord[] = [];
  for (const { exchange } of engine.connections) {
    if (exchange === undefined) continue;
    exchange.cutAs = status;
    records.push(new RequestRecord(exchange, now - exchange.startedAt));
  }
  return records;
}
