import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as rest } from 'node:timers/promises';

export default async function app(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await rest(5);
  response.end(`${request.method} is answered\n`.repeat(200));
}
