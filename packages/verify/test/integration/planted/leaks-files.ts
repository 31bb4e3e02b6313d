// The fault: each request leaves a file open.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openSync } from 'node:fs';

export default function app(_request: IncomingMessage, response: ServerResponse): void {
  openSync('/dev/null', 'r');
  response.end('answered\n');
}
