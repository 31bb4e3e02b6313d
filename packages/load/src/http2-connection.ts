import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { RequestFailure } from './failure.ts';
import { type Site, tlsOptions } from './site.ts';

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = constants;

/** What came of a request. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bodyBytes: number;
}

/** Keeps a connection of HTTP/2 until the server asks it to go, and opens another one then. */
export class Http2Connection {
  readonly #site: Site;
  readonly #limitMs: number;
  readonly #onAskedAgain: () => void;
  #session: ClientHttp2Session | undefined;
  #isUsable = false;
  /** The last word of the server, or of the system, for a failure's detail. */
  #said = 'nothing was said';

  /**
   * @param limitMs longest time that an answer may take, and for which a request is made again that was refused unseen
   * @param onAskedAgain called for each time that one is made again
   */
  constructor(site: Site, limitMs: number, onAskedAgain: () => void = () => {}) {
    this.#site = site;
    this.#limitMs = limitMs;
    this.#onAskedAgain = onAskedAgain;
  }

  /**
   * A GET, with others at the same time on the same connection.
   * @throws {RequestFailure} `reset`, `short`
   */
  async exchange(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Http2Answer> {
    const until = performance.now() + this.#limitMs;
    for (;;) {
      const session = this.#open();
      const stream = session.request({ ...headers, ':path': path });
      const limit = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), this.#limitMs);
      const { status, head, bytes, code } = await answerTo(stream).finally(() => clearTimeout(limit));
      const length = Number(head['content-length'] ?? bytes);
      if (status !== 0 && code === NGHTTP2_NO_ERROR) {
        if (bytes !== length) throw new RequestFailure('short', `${bytes} bytes of ${length}`);
        return { status, headers: head, bodyBytes: bytes };
      }
      // Another one may be in use by now, and is not to be given up for this.
      if (this.#session === session) this.#isUsable = false;
      // RFC 9113 §8.7: nothing has seen it, and whoever obeys the standard sends it again. Node refuses by that itself
      // what it was given in the moment in which the server asked it to go.
      if (code === NGHTTP2_REFUSED_STREAM && status === 0 && performance.now() < until) {
        this.#onAskedAgain();
        continue;
      }
      if (status === 0) throw new RequestFailure('reset', `stream closed with code ${code}; ${this.#said}`);
      throw new RequestFailure('short', `stream closed with code ${code} after ${bytes} bytes`);
    }
  }

  /** Takes no more requests; those under way go on. */
  close(): void {
    this.#session?.close();
    this.#isUsable = false;
  }

  #open(): ClientHttp2Session {
    if (this.#session !== undefined && this.#isUsable && !this.#session.closed) return this.#session;
    this.#session?.close();
    const session = connect(this.#site.url.origin, tlsOptions(this.#site));
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
  readonly head: Readonly<Record<string, unknown>>;
  readonly bytes: number;
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
      resolve({ status: Number(head[':status'] ?? 0), head, bytes, code: stream.rstCode ?? 0 }),
    ),
  );
}
