import type { ResponseHeaders } from './response-field.ts';

/** What a response head needs to know of its request; a `RequestHead` is one. */
export interface AnsweredRequest {
  readonly method: string;
  /** 10 for HTTP/1.0, 11 for HTTP/1.1. */
  readonly version: number;
  readonly keepAlive: boolean;
}

/** A response as the application gives it. */
export interface ResponseDraft {
  readonly status: number;
  /** Default: the registered phrase. */
  readonly reason?: string | undefined;
  /** In latin-1, one character a byte. */
  readonly headers: ResponseHeaders;
  /** Bytes of the whole body, when they are known: then a missing Content-Length is added. */
  readonly bodyLength?: number | undefined;
}

/** How the end of a response body is marked. */
export type ResponseFraming = 'none' | 'length' | 'chunked' | 'close';

/** A response head that is ready to be sent, and what it promises about the body. */
export interface ResponseHead {
  /** From the status line to the empty line; latin-1. */
  readonly text: string;
  /** The same as bytes, where they are at hand. */
  readonly bytes: Uint8Array | undefined;
  readonly status: number;
  readonly framing: ResponseFraming;
  /** With framing `length`: bytes of the body. */
  readonly length: number;
  /** Whether a further request may follow. After 101 and an accepted CONNECT none does. */
  readonly keepAlive: boolean;
}
