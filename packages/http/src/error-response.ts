import type { ResponseHeadWriter } from './response-head.ts';
import { reasonPhrase } from './status.ts';

/** A response that the server gives itself. */
export interface ErrorAnswer {
  readonly status: number;
  /** A fixed sentence, such as a `RequestError`'s message. Never what the client or the application sent. */
  readonly sentence?: string | undefined;
  /** Method of the request, when it is known: HEAD gets no body. */
  readonly method?: string | undefined;
}

/**
 * A whole response, head and body, as text in latin-1. It always closes the connection: after a refused
 * request nobody knows where the next one begins.
 */
export function errorResponse(writer: ResponseHeadWriter, answer: ErrorAnswer): string {
  const { status, sentence, method = 'GET' } = answer;
  const title = `${status} ${reasonPhrase(status)}`;
  const body = sentence === undefined ? `${title}\n` : `${title}: ${sentence}\n`;
  const head = writer.write(
    // A CONNECT that failed is answered like any other request.
    { method, version: 11, keepAlive: false },
    { status, headers: [['Content-Type', 'text/plain']], bodyLength: body.length },
    true,
  );
  return method === 'HEAD' ? head.text : head.text + body;
}
