import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { RawFields } from '@gunicorn-ts/http';
import type { Limits } from '../connection/limits.ts';
import { clock } from '../loop/clock.ts';
import { rethrowLater } from '../loop/rethrow-later.ts';
import type { StreamEnds } from '../transport/stream.ts';
import type { SessionWire } from './session-wire.ts';
import type { StreamSocket } from './stream-socket.ts';

/** How long a client has for seeing that it is to begin nothing more here, in milliseconds. */
const NOTICE_MS = 1000;

/** The connection that a session speaks on. */
export interface Carrier {
  readonly socket: Socket;
  readonly ends: StreamEnds;
}

/** Who serves the streams of a session. */
export interface SessionOwner {
  readonly limits: Readonly<Limits>;
  /** @returns the socket of the stream's own connection; `undefined` when it was answered at once */
  serveStream(stream: ServerHttp2Stream, fields: RawFields, carrier: Carrier): StreamSocket;
  onClosed(session: Session): void;
}

/** One client's connection: streams of requests side by side. */
export class Session {
  readonly #owner: SessionOwner;
  readonly #carrier: Carrier;
  readonly #wire: SessionWire;
  readonly #session: ServerHttp2Session;
  readonly #streams = new Set<StreamSocket>();
  #hasServed = false;
  /** When it began, or its last stream was closed. */
  #since: number = clock.now;
  #state: 'open' | 'noticed' | 'closing' | 'closed' = 'open';

  constructor(owner: SessionOwner, carrier: Carrier, wire: SessionWire, session: ServerHttp2Session) {
    this.#owner = owner;
    this.#carrier = carrier;
    this.#wire = wire;
    this.#session = session;
    session.on('stream', (stream, _headers, _flags, fields) => this.#begin(stream, fields as string[]));
    // `close` follows. A client that speaks no HTTP/2, or too much of it, is no news on a public port.
    session.on('error', () => {});
    session.on('close', () => this.#closed());
  }

  /**
   * Ends it without losing a request: asks the client to begin nothing more here, waits until what it had begun by
   * then has come, and closes when all of that is answered.
   */
  leave(): void {
    if (this.#state !== 'open') return;
    this.#enter('noticed');
    this.#wire.giveNotice();
    // Whatever was sent before the notice was read comes before the answer to this.
    if (!this.#session.destroyed) this.#session.ping(() => this.#close());
  }

  /** Looks at the deadlines. */
  sweep(now: number): void {
    const { headMs, keepAliveMs, lingerMs } = this.#owner.limits;
    const age = now - this.#since;
    if (this.#state === 'noticed' && age >= NOTICE_MS) this.#close();
    if (this.#streams.size > 0) return;
    if (this.#state === 'closing' && age >= lingerMs) this.destroy();
    if (this.#state !== 'open') return;
    const limit = this.#hasServed ? keepAliveMs : headMs;
    if (limit > 0 && age >= limit) this.leave();
  }

  destroy(): void {
    this.#session.destroy();
    this.#wire.destroy();
  }

  #begin(stream: ServerHttp2Stream, fields: RawFields): void {
    this.#hasServed = true;
    let socket: StreamSocket;
    try {
      socket = this.#owner.serveStream(stream, fields, this.#carrier);
    } catch (error) {
      rethrowLater(error);
      return;
    }
    if (socket.closed) return;
    this.#streams.add(socket);
    socket.once('close', () => this.#ended(socket));
  }

  #ended(socket: StreamSocket): void {
    this.#streams.delete(socket);
    if (this.#streams.size > 0) return;
    this.#since = clock.look();
    if (this.#owner.limits.keepAliveMs === 0) this.leave();
  }

  #close(): void {
    if (this.#state !== 'noticed') return;
    this.#enter('closing');
    this.#session.close();
  }

  #closed(): void {
    this.#enter('closed');
    for (const socket of this.#streams) socket.carrierGone();
    this.#owner.onClosed(this);
  }

  #enter(state: 'noticed' | 'closing' | 'closed'): void {
    this.#state = state;
    this.#since = clock.look();
  }
}
