// Application of kind `node`.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { block } from './block.ts';

export default function application(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/block') block();
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '14' });
  response.end('Hello, world!\n');
}
