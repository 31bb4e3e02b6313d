import type { IncomingMessage, ServerResponse } from 'node:http';

/** What h2spec needs: an answer with a body, and one to a POST that has read it. */
export default function application(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on('end', () => response.end('an answer of a few words'));
}
