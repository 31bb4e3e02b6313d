import type { Duplex } from 'node:stream';
import type { AsgiTls } from '@gunicorn-ts/interface';
import type { Peer } from '@gunicorn-ts/posix';

/** Where a connection was accepted, or `undefined` for a unix socket. */
export type LocalAddress = Peer | undefined;

/**
 * Waits on this thread for bytes to arrive.
 * @returns whether they have
 */
export type Patience = (fd: number) => boolean;

/** Makes a stream of a connected descriptor, which is the stream's from then on. */
export type MakeStream = (fd: number) => Duplex;

/** What its connection is told by a transport. None of it throws because of what the client does. */
export interface TransportOwner {
  /** Bytes have arrived. They may be overwritten when this returns. */
  onData(bytes: Uint8Array, length: number): void;
  /** The client sends nothing more. */
  onEnd(): void;
  /** All that waited has been handed to the kernel. */
  onDrain(): void;
  /** Nothing can be sent or received any more. Told once. */
  onClose(error: Error | undefined): void;
}

/** The bytes of one connection: a descriptor, or a stream of Node's. */
export interface Transport {
  readonly peer: Peer;
  readonly local: LocalAddress;
  /** Of a connection that is no stream of Node's. */
  readonly fd?: number;
  /** Whether it is TLS. */
  readonly secure: boolean;
  /** What TLS agreed upon; absent where it is none. */
  readonly tls?: AsgiTls | undefined;
  readonly isClosed: boolean;
  /** Begins to read. */
  start(): void;
  /**
   * Takes what has arrived and nobody was told of yet. Absent where Node reads.
   * @returns whether something had
   */
  tryReady?(): boolean;
  /** Whether the client will send nothing more. */
  readonly isEnded: boolean;
  /** Who is told of everything; set before anything happens. */
  owner: TransportOwner | undefined;
  /** Bytes that wait for the client to read. */
  readonly pending: number;
  /** Bytes that were waiting when the connection was closed. */
  readonly lost: number;
  /** Bytes that came from the client, and that the kernel has taken for it. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Milliseconds of the clock when bytes last went in or out. */
  readonly lastRead: number;
  readonly lastWrite: number;
  /** Adds text in latin-1. It is sent by `flush`. */
  text(text: string): void;
  /** Adds bytes, which must not change before they are sent. */
  bytes(bytes: Uint8Array): void;
  /** Adds text in UTF-8. */
  utf8(text: string): void;
  /** Adds a part of a file from its current position on, whose descriptor may be closed right after. Absent where that cannot be. */
  file?(file: number, count: number): void;
  /** @param isLast the connection is ended at once: then the bytes may leave together with its end */
  flush(isLast?: boolean): void;
  /** Takes nothing from the client any more, until `resume`. What arrives waits in the kernel. */
  pause(): void;
  resume(): void;
  /**
   * Sends what waits, and closes.
   * @param mayLinger whether the client may be in the middle of sending something: it is then read for a while, since
   * the reset of a connection that is closed with unread bytes can overtake the response
   */
  finish(mayLinger?: boolean): void;
  /** Closes at once; what waits is lost. */
  destroy(error?: Error): void;
  /** Whether the connection keeps the process alive. */
  ref(): void;
  unref(): void;
  /**
   * Leaves HTTP: the stream that the connection is from now on.
   * @param make makes it of a descriptor; one of Node's sockets by default
   */
  release(make?: MakeStream): Duplex;
}
