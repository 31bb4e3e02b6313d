import type { ServerResponse } from 'node:http';
import { errorBody, type RequestHead } from '@gunicorn-ts/http';
import type { Logger } from '@gunicorn-ts/interface';
import { idHeaders, named } from '../observe/request-id.ts';
import { stackOf } from '../observe/stack.ts';

const BODY = errorBody(500);

/**
 * Answers 500 for an application that threw, or breaks the connection when the head is out, so that the
 * client notices that the response is not whole. What was thrown goes to the log and never to the client.
 */
export function failResponse(
  log: Logger,
  { response, head }: { readonly response: ServerResponse; readonly head: RequestHead },
  thrown: unknown,
): void {
  const { text, fields } = named(head);
  log.error(`Error handling request ${text}\n${stackOf(thrown)}`, fields);
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) if (name !== 'server') response.removeHeader(name);
  for (const [name, value] of idHeaders(head)) response.setHeader(name, value);
  response.writeHead(500, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length }).end(BODY);
}
