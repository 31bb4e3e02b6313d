import { writeSync } from 'node:fs';

const NOBODY = -1;
const BODY = '504 Gateway Timeout\n';

/** @param server value of the header `Server`; empty sends none */
function answerOf(server: string, now: Date): string {
  return [
    'HTTP/1.1 504 Gateway Timeout',
    ...(server === '' ? [] : [`Server: ${server}`]),
    `Date: ${now.toUTCString()}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${BODY.length}`,
    '',
    BODY,
  ].join('\r\n');
}

/** A cell for `WorkerContext.currentConnection`, with no connection in it. */
export function emptyCell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4)).fill(NOBODY);
}

/**
 * Answers the client whose request the main thread hangs in, so that it sees a 504 and not a reset. Whoever
 * takes the descriptor out of the cell writes: the main thread may come back at any moment.
 */
export function answerHungClient(cell: Int32Array, server: string): HungAnswer | undefined {
  const fd = Atomics.exchange(cell, 0, NOBODY);
  if (fd === NOBODY) return undefined;
  try {
    writeSync(fd, answerOf(server, new Date()));
    return { status: 504, bytes: BODY.length };
  } catch {
    // The client is gone.
    return { status: 504, bytes: 0 };
  }
}

/** What was answered, for the access log. */
export interface HungAnswer {
  readonly status: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
}
