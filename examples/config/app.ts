import type { IncomingMessage, ServerResponse } from 'node:http';

export default function app(_request: IncomingMessage, response: ServerResponse): void {
  response.end(`${process.env['GREETING']}\n`);
}
