import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { type LoadClient, type Target, WORKER_HEADER } from './client.ts';
import { RequestFailure } from './failure.ts';

/** Requests that it makes at a time. */
const STREAMS = 5;

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = constants;

/** Keeps a connection of HTTP/2, with several requests at a time on it, until the server asks it to go. */
export class Http2Client implements LoadClient {
  readonly kind = 'http2';
  readonly restMs: number;
  connectedTo: string | undefined;
  readonly #target: Target;
  #session: ClientHttp2Session | undefined;
  #isUsable = false;
  /** The last word of the server, or of the system, for a failure's detail. */
  #said = 'nothing was said';

  constructor(target: Target, options: { restMs: number }) {
    this.#target = target;
    this.restMs = options.restMs;
  }

  async request(): Promise<number> {
    // A GOAWAY that has long arrived would be overlooked.
    await turn();
    const started = performance.now();
    await Promise.all(Array.from({ length: STREAMS }, () => this.#requestOne()));
    return performance.now() - started;
  }

  disconnect(): void {
    this.#session?.close();
    this.#isUsable = false;
    this.connectedTo = undefined;
  }

  async #requestOne(): Promise<void> {
    for (;;) {
      const session = this.#open();
      const stream = session.request({ ':path': this.#target.path });
      const limit = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), this.#target.limitMs);
      const answer = await answerTo(stream).finally(() => clearTimeout(limit));
      if (answer.status === 200 && answer.code === NGHTTP2_NO_ERROR) {
        if (answer.bytes !== answer.length) throw new RequestFailure('short', `${answer.bytes} bytes`);
        this.connectedTo = answer.worker;
        return;
      }
      // Another one may be in use by now, and is not to be given up for this.
      if (this.#session === session) this.#isUsable = false;
      // RFC 9113 §8.7: nothing has seen it, and whoever obeys the standard sends it again. Node refuses by that itself
      // what it was given in the moment in which the server asked it to go.
      if (answer.code === NGHTTP2_REFUSED_STREAM && answer.status === 0) continue;
      if (answer.status === 0)
        throw new RequestFailure('reset', `stream closed with code ${answer.code}; ${this.#said}`);
      if (answer.status !== 200) throw new RequestFailure('status', `status ${answer.status}`);
      throw new RequestFailure('short', `stream closed with code ${answer.code} after ${answer.bytes} bytes`);
    }
  }

  #open(): ClientHttp2Session {
    if (this.#session !== undefined && this.#isUsable && !this.#session.closed) return this.#session;
    this.#session?.close();
    const session = connect(this.#target.url.origin, { rejectUnauthorized: false });
    const leave = (): void => {
      if (this.#session === session) this.#isUsable = false;
    };
    session.on('goaway', (code, last) => {
      this.#said = `GOAWAY ${code}, ${last}`;
      leave();
    });
    session.on('close', leave);
    // What it means to a request, the stream of that says.
    session.on('error', (error) => {
      this.#said = error.message;
      leave();
    });
    this.#session = session;
    this.#isUsable = true;
    return session;
  }
}

interface StreamAnswer {
  readonly status: number;
  readonly worker: string | undefined;
  /** Bytes that came, and that were announced. */
  readonly bytes: number;
  readonly length: number;
  readonly code: number;
}

function answerTo(stream: ClientHttp2Stream): Promise<StreamAnswer> {
  let head: Record<string, unknown> = {};
  let bytes = 0;
  stream.on('response', (headers) => (head = headers));
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  stream.on('error', () => {});
  return new Promise((resolve) =>
    stream.on('close', () =>
      resolve({
        status: Number(head[':status'] ?? 0),
        worker: head[WORKER_HEADER] as string | undefined,
        bytes,
        length: Number(head['content-length'] ?? bytes),
        code: stream.rstCode ?? 0,
      }),
    ),
  );
}
