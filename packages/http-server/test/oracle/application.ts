import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Story } from './story.ts';

export type Note = (text: string) => void;
export type Listener = (request: IncomingMessage, response: ServerResponse, note: Note) => void;

export const GET = 'GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n';
export const LAST = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
export const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n';
export const CHUNKED = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';

export function on(listener: Listener): Story['application'] {
  return (server, note) => server.on('request', (request, response) => listener(request, response, note));
}

export const hello = on((_request, response) => response.end('hello'));

/** Notes the events of a stream or message as they come. */
export function noteEvents(
  emitter: NodeJS.EventEmitter,
  name: string,
  events: readonly string[],
  note: Note,
): void {
  for (const event of events) {
    emitter.on(event, (argument?: unknown) => {
      const code = argument instanceof Error ? `:${(argument as NodeJS.ErrnoException).code}` : '';
      note(`${name} ${event}${code}`);
    });
  }
}

export const watched = (listener: Listener): Story['application'] =>
  on((request, response, note) => {
    noteEvents(request, 'req', ['aborted', 'end', 'close', 'error'], note);
    noteEvents(response, 'res', ['finish', 'close', 'error', 'prefinish'], note);
    listener(request, response, note);
  });

export const echo = on((request, response, note) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
  request.on('end', () => {
    note(`${body} ${JSON.stringify(request.trailers)} ${String(request.complete)}`);
    response.end(body);
  });
});
