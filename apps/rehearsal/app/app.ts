import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as rest } from 'node:timers/promises';

/** Waits as if for a database, so that a stop finds requests under way. */
export default async function app(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  await rest(30);
  response.end(`${process.pid}\n`);
}
