import type { ServerResponse } from 'node:http';
import { errorBody } from '@gunicorn-ts/http';
import type { Logger } from '@gunicorn-ts/interface';
import { stackOf } from '../observe/stack.ts';

const BODY = errorBody(500);

/**
 * Answers 500 for an application that threw, or breaks the connection when the head is out, so that the
 * client notices that the response is not whole. What was thrown goes to the log and never to the client.
 */
export function failResponse(log: Logger, response: ServerResponse, thrown: unknown): void {
  const { method, url } = response.req;
  log.error(`Error handling request ${method} ${url}\n${stackOf(thrown)}`, { method, target: url });
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) if (name !== 'server') response.removeHeader(name);
  response.writeHead(500, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length }).end(BODY);
}
