import type { ResponseHeaders } from './response-field.ts';
import type { ResponseHeadWriter } from './response-head.ts';
import { reasonPhrase } from './status.ts';

/** A response that the server gives itself. */
export interface ErrorAnswer {
  readonly status: number;
  /** A fixed sentence, such as a `RequestError`'s message. Never what the client or the application sent. */
  readonly sentence?: string | undefined;
  /** Method of the request, when it is known: HEAD gets no body. */
  readonly method?: string | undefined;
  /** Headers beside that of its type. */
  readonly headers?: ResponseHeaders | undefined;
}

/**
 * A whole response, head and body, as text in latin-1. It always closes the connection: after a refused
 * request nobody knows where the next one begins.
 */
export function errorResponse(writer: ResponseHeadWriter, answer: ErrorAnswer): string {
  const { status, sentence, method = 'GET', headers = [] } = answer;
  const body = errorBody(status, sentence);
  const head = writer.write(
    // A CONNECT that failed is answered like any other request.
    { method, version: 11, keepAlive: false },
    { status, headers: [['Content-Type', 'text/plain'], ...headers], bodyLength: body.length },
    true,
  );
  return method === 'HEAD' ? head.text : head.text + body;
}

/** The text of such a response: the status, and the sentence when there is one. */
export function errorBody(status: number, sentence?: string): string {
  const title = `${status} ${reasonPhrase(status)}`;
  return sentence === undefined ? `${title}\n` : `${title}: ${sentence}\n`;
}
