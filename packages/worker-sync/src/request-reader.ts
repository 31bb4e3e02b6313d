import { CONTINUE } from '@gunicorn-ts/http';
import { FixedBuffer, receive, transmitBytes, WOULD_BLOCK } from '@gunicorn-ts/posix';
import { BodyStoreError } from '@gunicorn-ts/wsgi';
import type { Connection } from './connection.ts';
import type { IncomingRequest } from './incoming-request.ts';

/** Enough for nearly every request in one read. */
const INBOX_BYTES = 64 * 1024;

const CONTINUE_BYTES: Buffer = Buffer.from(CONTINUE, 'latin1');

/**
 * What one reading led to:
 * - `complete`: the request is
 * - `more`: something came, and it is not
 * - `nothing`: nothing has come
 * - `refused`: it is not a request that may be served; `IncomingRequest.error` says why
 * - `gone`: the client left without a request
 * - an error: there is no room for its body
 */
export type Reading = 'complete' | 'more' | 'nothing' | 'refused' | 'gone' | BodyStoreError;

/** Reads requests from connections, without waiting. */
export class RequestReader {
  readonly #inbox = new FixedBuffer(INBOX_BYTES);

  read({ fd }: Connection, incoming: IncomingRequest): Reading {
    let bytes: number;
    try {
      bytes = receive(fd, this.#inbox);
    } catch {
      return 'gone';
    }
    if (bytes === WOULD_BLOCK) return 'nothing';
    if (bytes === 0) return incoming.finish() === undefined ? 'gone' : 'refused';
    const hadHead = incoming.head !== undefined;
    let arrival: Reading;
    try {
      arrival = incoming.take(this.#inbox.bytes, bytes);
    } catch (error) {
      if (error instanceof BodyStoreError) return error;
      throw error;
    }
    if (arrival !== 'more' || hadHead || !incoming.expectsContinue) return arrival;
    try {
      // The answer to `Expect` must come before the body does. No client sends so much that it finds no room.
      transmitBytes(fd, CONTINUE_BYTES);
    } catch {
      return 'gone';
    }
    return arrival;
  }
}
