import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';
import type { DecodedFields, ResponseSink } from './response-decoder.ts';

type Done = (error?: Error | null) => void;

/**
 * Bytes that are handed over at a time: when a client has taken so many is known, and so whether it reads at all,
 * however much the application writes at once.
 */
const MOST_AT_A_TIME = 64 * 1024;

/** The date is what the application, or the server for it, has said or has not wanted to. Not in Node's types. */
type ResponseOptions = ServerStreamResponseOptions & { readonly sendDate: false };

/** RFC 6265 §3: the one field whose lines cannot be joined. */
const SET_COOKIE = 'set-cookie';

/** Sends a response on an HTTP/2 stream. */
export class ResponseSender implements ResponseSink {
  readonly #stream: ServerHttp2Stream;
  readonly #onProgress: () => void;
  #pieces: Buffer[] = [];
  #done: Done | undefined;
  #hasTrailers = false;
  #end: 'open' | 'given' | 'sent' = 'open';
  #onEnded: (() => void) | undefined;

  /** @param onProgress the client has taken something */
  constructor(stream: ServerHttp2Stream, onProgress: () => void) {
    this.#stream = stream;
    this.#onProgress = onProgress;
  }

  informational(status: number, fields: DecodedFields): void {
    if (!this.#isGone) this.#stream.additionalHeaders({ ':status': status, ...headersOf(fields) });
  }

  head(status: number, fields: DecodedFields, endStream: boolean, waitForTrailers: boolean): void {
    if (this.#isGone) return;
    const headers = Object.assign(headersOf(fields), { ':status': status });
    this.#hasTrailers = waitForTrailers;
    const options: ResponseOptions = { endStream, waitForTrailers, sendDate: false };
    this.#stream.respond(headers, options);
  }

  data(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += MOST_AT_A_TIME) {
      this.#pieces.push(bytes.subarray(at, at + MOST_AT_A_TIME));
    }
  }

  end(trailers: DecodedFields): void {
    const stream = this.#stream;
    this.#end = 'given';
    if (this.#hasTrailers) {
      stream.on('wantTrailers', () => {
        stream.sendTrailers(headersOf(trailers));
        this.#endSent();
      });
    } else stream.on('finish', this.#endSent);
  }

  /** Calls when the end of the response is on its way, or will never be. */
  whenEnded(work: () => void): void {
    if (this.#end === 'given') this.#onEnded = work;
    else work();
  }

  /** Nothing leaves any more. */
  streamClosed(): void {
    if (this.#end === 'given') this.#endSent();
  }

  readonly #endSent = (): void => {
    if (this.#end === 'sent') return;
    this.#end = 'sent';
    const onEnded = this.#onEnded;
    this.#onEnded = undefined;
    onEnded?.();
  };

  /** Sends what was given until now, and calls when it is with the client's side of the connection. */
  flush(done: Done): void {
    this.#done = done;
    this.#writeNext();
  }

  /** One piece at a time: of several that wait, a stream of Node's tells only when all are gone. */
  #writeNext(): void {
    const stream = this.#stream;
    const piece = this.#isGone ? undefined : this.#pieces.shift();
    const isLast = this.#end !== 'open' && this.#pieces.length === 0;
    if (piece === undefined) {
      // The end of what had gone before it was known to end.
      if (isLast && !this.#isGone && !stream.writableEnded) stream.end();
      this.#flushed();
    } else if (isLast) {
      // Together with the last piece it takes no frame of its own.
      this.whenEnded(() => this.#flushed());
      stream.end(piece);
    } else stream.write(piece, this.#onWritten);
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (error) this.#flushed(error);
    else {
      this.#onProgress();
      this.#writeNext();
    }
  };

  #flushed(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    this.#pieces = [];
    done?.(error);
  }

  get #isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }
}

function headersOf(fields: DecodedFields): OutgoingHttpHeaders {
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of fields) {
    const before = headers[name];
    if (name === SET_COOKIE) headers[name] = [...((before as string[] | undefined) ?? []), value];
    // RFC 9110 §5.3.
    else headers[name] = before === undefined ? value : `${before as string}, ${value}`;
  }
  return headers;
}
