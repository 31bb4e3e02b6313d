// Application: `/heap` answers with the bytes of JavaScript heap that survive a collection, everything else with
// a line of text.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { heapInUse } from './collect.ts';

export default function application(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url === '/heap' ? String(heapInUse()) : 'here\n');
}
