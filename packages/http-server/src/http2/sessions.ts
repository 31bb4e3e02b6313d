import type * as Http2 from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import {
  type HeaderFields,
  Http2HeadReader,
  type HttpRules,
  NO_FIELDS,
  type RawFields,
  RequestError,
  type RequestHead,
  type StreamInfo,
} from '@gunicorn-ts/http';
import { Connection } from '../connection/connection.ts';
import type { ServedConnection } from '../connection/served-connection.ts';
import type { Limits } from '../connection/limits.ts';
import { isolate } from '../loop/isolation.ts';
import { clock } from '../loop/clock.ts';
import { StreamTransport } from '../transport/stream.ts';
import { type Carrier, Session, type SessionOwner } from './session.ts';
import type { SessionWire } from './session-wire.ts';
import { SocketWire } from './socket-wire.ts';
import { StreamHost, type StreamsHost } from './stream-host.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamSocket } from './stream-socket.ts';
import { StreamedWire } from './streamed-wire.ts';

/** What a server tells its clients when they connect (RFC 9113 §6.5.2). */
export interface Http2Options {
  readonly maxConcurrentStreams: number;
  /** In bytes. */
  readonly initialWindowSize: number;
  readonly maxFrameSize: number;
  readonly maxHeaderListSize: number;
}

/** Whose connections carry sessions: the engine. */
export interface SessionsHost extends StreamsHost {
  /** A stream is a connection of its own, whose deadlines are looked at as those of any other. */
  addStream(connection: Connection): void;
}

/**
 * Bytes of bodies that a client may send ahead on a connection, beside what it may on each stream. They are counted as
 * taken when they arrive, so one upload that nobody reads does not stop the others.
 */
const CONNECTION_WINDOW = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** Room for `:method`, `:scheme`, `:authority`, `:path`, and for cookies that came in pieces. */
const FURTHER_FIELDS = 16;

/** A header of the PROXY protocol that somebody else has read. */
const UNREAD_PROXY = { version: 2, protocol: 'UNKNOWN', destination: undefined } as const;

/** All HTTP/2 connections of a server. */
export class Sessions implements SessionOwner {
  readonly #host: SessionsHost;
  readonly #http2: typeof Http2 = process.getBuiltinModule('node:http2');
  readonly #rules: HttpRules;
  readonly #heads: Http2HeadReader;
  readonly #options: Http2.ServerSessionOptions;
  readonly #window: number;
  /** No second request comes on a stream. */
  readonly #streamLimits: Readonly<Limits>;
  readonly #sessions = new Set<Session>();

  constructor(host: SessionsHost, rules: HttpRules, options: Http2Options) {
    this.#host = host;
    this.#rules = rules;
    this.#heads = new Http2HeadReader(rules);
    this.#options = {
      settings: { ...options },
      // What is a little too much is answered by the rules; what is far too much ends the stream.
      maxHeaderListPairs: 2 * rules.fieldLimit + FURTHER_FIELDS,
    };
    this.#streamLimits = { ...host.limits, keepAliveMs: 0 };
    this.#window = Math.max(CONNECTION_WINDOW, options.initialWindowSize);
  }

  get limits(): Readonly<Limits> {
    return this.#host.limits;
  }

  /**
   * Speaks HTTP/2 on a connection from now on.
   * @param rest what was read of it
   */
  serve(connection: ServedConnection, rest: Buffer): void {
    const { peer, secure } = connection.transport;
    const source = connection.proxy?.source;
    const socket = connection.release() as Socket;
    socket.once('close', () => connection.forget());
    const carrier = { socket, ends: { peer, secure, ...(source && { source }) } };
    isolate(this.#start, { carrier, rest });
  }

  readonly #start = ({ carrier, rest }: { carrier: Carrier; rest: Buffer }): void => {
    const wire = wireOf(carrier.socket, rest);
    // Any stream will do, and its types do not say so.
    const inner = this.#http2.performServerHandshake(wire.stream as Socket, this.#options);
    inner.setLocalWindowSize(this.#window);
    const session = new Session(this, carrier, wire, inner);
    this.#sessions.add(session);
    if (this.#host.isClosing) session.leave();
  };

  serveStream(stream: ServerHttp2Stream, fields: RawFields, carrier: Carrier): StreamSocket {
    clock.look();
    const { ends, socket: carrying } = carrier;
    const hasBody = !stream.endAfterHeaders;
    const read = this.#read(fields, { address: ends.peer!.host, secure: ends.secure === true, hasBody });
    const reader = new StreamReader(read, this.#rules.bodyLimit);
    const onProgress = (): void => {
      transport.lastWrite = clock.look();
    };
    const method = read instanceof RequestError ? methodIn(fields) : read.method;
    const socket = new StreamSocket({ stream, carrier: carrying, method, hasBody, onProgress });
    const transport = new StreamTransport(socket, ends);
    const connection = new Connection(new StreamHost(this.#host, reader, this.#streamLimits), transport);
    if (ends.source !== undefined) connection.proxy = { ...UNREAD_PROXY, source: ends.source };
    socket.connection = connection;
    if (hasBody) this.#readBody(stream, reader, connection);
    else reader.end(0, NO_FIELDS);
    this.#host.addStream(connection);
    transport.start();
    connection.onData(NOTHING, 0);
    return socket;
  }

  #readBody(stream: ServerHttp2Stream, reader: StreamReader, connection: Connection): void {
    let trailers: RawFields = [];
    stream.on('trailers', (_trailers: unknown, _flags: unknown, raw: RawFields) => (trailers = raw));
    stream.on('end', () => {
      reader.end(connection.transport.bytesRead, this.#readTrailers(trailers));
      connection.onData(NOTHING, 0);
    });
  }

  /** Ends all of them as their clients let it. */
  leave(): void {
    for (const session of this.#sessions) session.leave();
  }

  sweep(now: number): void {
    for (const session of this.#sessions) session.sweep(now);
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  onClosed(session: Session): void {
    this.#sessions.delete(session);
  }

  #read(fields: RawFields, stream: StreamInfo): RequestHead | RequestError {
    return refusalOr(() => this.#heads.read(fields, stream));
  }

  #readTrailers(fields: RawFields): HeaderFields | RequestError {
    return fields.length === 0 ? NO_FIELDS : refusalOr(() => this.#heads.readTrailers(fields));
  }
}

function refusalOr<T>(read: () => T): T | RequestError {
  try {
    return read();
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

/** Of a request that is refused: an answer to HEAD has no body all the same. */
function methodIn(fields: RawFields): string {
  const at = fields.indexOf(':method');
  return at === -1 ? '' : fields[at + 1]!;
}

/** @param rest what was read from the socket before */
function wireOf(socket: Socket & { readonly encrypted?: boolean }, rest: Buffer): SessionWire {
  return socket.encrypted === true ? new StreamedWire(socket, rest) : new SocketWire(socket, rest);
}
