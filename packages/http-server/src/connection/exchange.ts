import type { HeaderFields, RequestError } from '@gunicorn-ts/http';
import type { EndedRequest } from '../observe/ended-request.ts';

/** One request with the application, as its connection sees it. There is at most one at a time. */
export interface Exchange extends EndedRequest {
  /** The status that it counts as when it ends before anything was sent: 499, unless the server is who ends it. */
  cutAs: number;
  /** Calls the application. */
  start(): void;
  /**
   * Bytes of the body have arrived. They are overwritten when this returns.
   * @returns false when no more are wanted until the connection is told so by `wantBody`
   */
  onBody(chunk: Uint8Array): boolean;
  /** The request is complete. */
  onComplete(trailers: HeaderFields): void;
  /** All that was written has been handed to the kernel. */
  onDrain(): void;
  /** The rest of the body is not a body. The connection is closed by `close`, which is for this to call. */
  onRefused(error: RequestError): void;
  /** No further request follows on the connection: its response is to say so. */
  onLast(): void;
  /** The time for an answer is over. */
  onTimeout(): void;
  /** The connection is gone, or is given up. */
  onAbort(error: Error | undefined): void;
}
