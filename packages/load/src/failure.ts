/**
 * How a request was lost.
 * - `refused`: no connection came about.
 * - `reset`: the connection broke after it was made, in the handshake of TLS or before a byte of the answer.
 * - `short`: the answer ended, or broke, before its end.
 * - `status`: an answer that is not 200.
 * - `slow`: no answer, or no further byte of one, within the limit.
 * - `malformed`: bytes that are no HTTP/1.1 response.
 */
export type FailureKind = 'refused' | 'reset' | 'short' | 'status' | 'slow' | 'malformed';

/** A request that a real user would have seen fail. */
export class RequestFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, detail: string) {
    super(detail);
    this.name = 'RequestFailure';
    this.kind = kind;
  }
}
