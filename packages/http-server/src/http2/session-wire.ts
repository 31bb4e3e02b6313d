import type { Duplex } from 'node:stream';

/**
 * GOAWAY with the highest stream there can be, and no error (RFC 9113 §6.8): it asks a client to begin nothing more
 * here, and gives up nothing that it has begun meanwhile. Node offers only the second, final one.
 */
export const SHUTDOWN_NOTICE: Buffer = Buffer.from([
  0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0,
]);

/**
 * The bytes of a connection, as its HTTP/2 session has them. What a session writes at once are whole frames, so that one
 * of ours fits in between.
 */
export interface SessionWire {
  /** What the session is given. */
  readonly stream: Duplex;
  /** Asks the client to go elsewhere with what it has not begun. */
  giveNotice(): void;
  destroy(): void;
}
