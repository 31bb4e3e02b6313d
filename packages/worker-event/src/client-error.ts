import type { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import type { InFlight } from './in-flight.ts';
import { http } from './node-http.ts';

/** How long a refused client may go on sending before its connection is cut, in milliseconds. */
const LINGER_MS = 1000;

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const GONE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** The status a client error is answered with; `undefined` when there is nobody to answer. */
export function statusOf(code: string | undefined): number | undefined {
  if (code === undefined) return undefined;
  return STATUS_OF_CODE[code] ?? (code.startsWith('HPE_') ? 400 : undefined);
}

/** Answers what Node's parser refused, and connections whose request head does not come. */
export class ClientErrors {
  readonly #log: Logger;
  readonly #inFlight: InFlight;
  readonly #refused = new WeakSet<Socket>();

  constructor(log: Logger, inFlight: InFlight) {
    this.#log = log;
    this.#inFlight = inFlight;
  }

  readonly listener = (error: NodeJS.ErrnoException, socket: Socket): void => {
    // The parser reports again what follows its first error.
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    this.#report(error, socket);
    const status = statusOf(error.code);
    if (status === undefined || !this.#canAnswer(socket)) socket.destroy();
    else refuse(socket, status);
  };

  /**
   * A connection that died, that failed its TLS handshake, or that was opened in advance and never used, is
   * no news on a public port.
   */
  #report(error: NodeJS.ErrnoException, socket: Socket): void {
    const reason =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'no complete request head in time' : error.message;
    const message = `Invalid request from ip=${socket.remoteAddress ?? ''}: ${reason}`;
    const fields = { peer: socket.remoteAddress, code: error.code };
    if (socket.destroyed || socket.bytesRead === 0 || GONE.has(error.code)) this.#log.debug(message, fields);
    else this.#log.warning(message, fields);
  }

  /** Not into a response that has begun; and a client that sent nothing has asked nothing. */
  #canAnswer(socket: Socket): boolean {
    if (!socket.writable || socket.bytesRead === 0) return false;
    for (const response of this.#inFlight.responses()) {
      if (response.req.socket === socket && response.headersSent) return false;
    }
    return true;
  }
}

/**
 * Closes its own side first and reads on for a moment: closing both while the client still sends would
 * reset the connection, and the reset can overtake the response.
 */
function refuse(socket: Socket, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
