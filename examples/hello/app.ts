import type { IncomingMessage, ServerResponse } from 'node:http';

export default function app(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end('Hello, world!\n');
}
