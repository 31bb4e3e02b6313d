import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { errorCode } from '../errors.ts';

/** What a daemon that reads slowly may leave here; what comes beyond is lost. */
const MOST_UNSENT_BYTES = 1024 * 1024;
const RETRY_MS = 1000;

/** Who is told of how it stands. */
export interface StreamNews {
  onDown(reason: string): void;
  onUp(): void;
}

/** A connection to syslog, made again when it ends. What is sent before it is there waits. */
export class StreamWay {
  /** It makes another connection by itself. */
  readonly isRenewed = false;
  readonly #to: NetConnectOpts;
  readonly #told: StreamNews;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(to: NetConnectOpts, told: StreamNews) {
    this.#to = to;
    this.#told = told;
    this.#connect();
  }

  send(message: Buffer): boolean {
    const socket = this.#socket;
    if (socket === undefined || socket.writableLength > MOST_UNSENT_BYTES) return false;
    socket.write(message);
    return true;
  }

  close(): void {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.end();
  }

  #connect(): void {
    const socket = connect(this.#to);
    this.#socket = socket;
    // It is no reason for the process to stay.
    socket.unref();
    let reason = 'the connection was closed';
    socket.on('connect', () => this.#told.onUp());
    socket.on('error', (error) => (reason = errorCode(error)));
    socket.on('data', () => {});
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#told.onDown(reason);
      this.#retry = setTimeout(() => this.#connect(), RETRY_MS).unref();
    });
  }
}
