import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ServedConnection } from '../connection/served-connection.ts';
import { ResponseDecoder } from './response-decoder.ts';
import { ResponseSender } from './response-sender.ts';

type Done = (error?: Error | null) => void;

/** Codes of RFC 9113 §7. */
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;

/** How soon is looked again whether the end of a response has left, in milliseconds: nobody tells. */
const LOOK_AGAIN_MS = 10;

export interface StreamSocketOptions {
  readonly stream: ServerHttp2Stream;
  /** The socket of the whole connection, which knows who the client is. */
  readonly carrier: Socket;
  readonly method: string;
  readonly hasBody: boolean;
  /** The client has taken a piece of the response. */
  onProgress(): void;
}

/**
 * What `request.socket` is for a stream of HTTP/2: a connection with one request. The body of the request comes out of
 * it as it is; the response is written into it as HTTP/1.1, which every kind of application and Node's own
 * `ServerResponse` do, and leaves as frames.
 */
export class StreamSocket extends Duplex {
  /** Whose `setTimeout` it is. */
  connection: ServedConnection | undefined;
  bytesRead = 0;
  bytesWritten = 0;
  timeout: number | undefined;
  readonly carrier: Socket;
  readonly #stream: ServerHttp2Stream;
  readonly #decoder: ResponseDecoder;
  readonly #sender: ResponseSender;
  readonly #hasBody: boolean;
  #isAnswered = false;
  #isReadThrough = false;

  constructor({ stream, carrier, method, hasBody, onProgress }: StreamSocketOptions) {
    super();
    this.carrier = carrier;
    this.#stream = stream;
    this.#sender = new ResponseSender(stream, onProgress);
    this.#decoder = new ResponseDecoder(method, this.#sender);
    this.#hasBody = hasBody;
    // Where there is no body nobody reads: a stream of Node's that has ended is destroyed as soon as its answer is out,
    // and makes an error, with its stack, of each write that it hears of after that.
    if (hasBody) stream.on('data', this.#onData);
    // Node resets a stream that nobody has looked at when its answer is written, before it has left. Now somebody has.
    else stream.pause();
    // `close` follows, and says it.
    stream.on('error', ignore);
    stream.on('close', this.#onClose);
  }

  setTimeout(ms: number, callback?: () => void): this {
    this.timeout = ms;
    if (callback) {
      if (ms === 0) this.off('timeout', callback);
      else this.once('timeout', callback);
    }
    this.connection?.watchInactivity(ms);
    return this;
  }

  /** The whole connection is gone, and nothing that is still written arrives. */
  carrierGone(): void {
    this.destroy();
  }

  override _read(): void {
    if (this.#hasBody) this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    try {
      this.#decode(chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    this.#sender.flush(done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    try {
      for (const { chunk } of chunks) this.#decode(chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    this.#sender.flush(done);
  }

  override _final(done: Done): void {
    const stream = this.#stream;
    const isWhole = this.#decoder.finish();
    this.#endReading();
    if (!isWhole) {
      stream.close(INTERNAL_ERROR);
      done();
    } else this.#sender.whenEnded(() => this.#answered(done));
  }

  override _destroy(error: Error | null, done: Done): void {
    const stream = this.#stream;
    if (!this.#isAnswered && !stream.closed && !stream.destroyed) stream.close(INTERNAL_ERROR);
    done(error);
  }

  #endReading(): void {
    this.#isReadThrough = true;
    this.push(null);
  }

  #decode(chunk: Buffer): void {
    this.bytesWritten += chunk.length;
    this.#decoder.decode(chunk);
  }

  #answered(done: Done): void {
    this.#isAnswered = true;
    if (this.#hasBody && !this.#stream.readableEnded) this.#refuseRest();
    done();
  }

  /**
   * RFC 9113 §8.1: what is left of the request is not wanted, and that is no error. Not before the end of the response
   * has left, which a reset overtakes: the client would take it for one that was cut off.
   */
  readonly #refuseRest = (): void => {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    if (stream.state.localClose === 1) stream.close(NO_ERROR);
    else setTimeout(this.#refuseRest, LOOK_AGAIN_MS).unref();
  };

  /** A client that has its whole answer has not left, though the application may have to say that it has ended. */
  readonly #onClose = (): void => {
    this.#sender.streamClosed();
    if (this.#decoder.isOver && this.#stream.rstCode === NO_ERROR) this.#endReading();
    else this.destroy();
  };

  readonly #onData = (chunk: Buffer): void => {
    this.bytesRead += chunk.length;
    // Nobody reads any more, and a client goes on sending until it has heard of that.
    if (!this.#isReadThrough && !this.push(chunk)) this.#stream.pause();
  };
}

function ignore(): void {}

/** What applications ask a socket for, TLS's included, is asked of the one that carries the stream. */
const OF_CARRIER = [
  'remoteAddress',
  'remotePort',
  'remoteFamily',
  'localAddress',
  'localPort',
  'localFamily',
  'encrypted',
  'authorized',
  'authorizationError',
  'alpnProtocol',
  'servername',
] as const;

const CARRIER_METHODS = [
  'address',
  'getPeerCertificate',
  'getPeerX509Certificate',
  'getCertificate',
  'getX509Certificate',
  'getCipher',
  'getProtocol',
  'getSession',
  'isSessionReused',
] as const;

for (const name of OF_CARRIER) {
  Object.defineProperty(StreamSocket.prototype, name, {
    get(this: StreamSocket): unknown {
      return (this.carrier as unknown as Record<string, unknown>)[name];
    },
    configurable: true,
  });
}

for (const name of CARRIER_METHODS) {
  Object.defineProperty(StreamSocket.prototype, name, {
    value(this: StreamSocket, ...parameters: unknown[]): unknown {
      const method = (this.carrier as unknown as Record<string, unknown>)[name];
      return typeof method === 'function' ? Reflect.apply(method, this.carrier, parameters) : undefined;
    },
    configurable: true,
    writable: true,
  });
}

/** They concern all streams of a connection, and so are none of one stream's business. */
for (const name of ['setNoDelay', 'setKeepAlive', 'ref', 'unref'] as const) {
  Object.defineProperty(StreamSocket.prototype, name, {
    value(this: StreamSocket): StreamSocket {
      return this;
    },
    configurable: true,
    writable: true,
  });
}
