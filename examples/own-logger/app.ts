import type { IncomingMessage, ServerResponse } from 'node:http';

export default function app(request: IncomingMessage, response: ServerResponse): void {
  response.end(`You asked for ${request.url?.split('?', 1)[0]}\n`);
}
