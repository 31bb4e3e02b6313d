import type { Limits } from './limits.ts';

/** Where a connection stands in its life. */
export type Stage =
  /** Nothing has been received yet. */
  | 'fresh'
  /** A part of a head has. */
  | 'head'
  /** A request is with the application. */
  | 'serving'
  /** The response is out, and the rest of the request's body is being thrown away. */
  | 'rest'
  /** What arrived was none; what is answered, and when it is closed, is up to the application. */
  | 'refused'
  /** Kept for a further request. */
  | 'idle'
  /** The last bytes are on their way, or the client's farewell. */
  | 'closing'
  /** The connection is somebody else's now. */
  | 'released'
  | 'closed';

/** What a deadline is judged by. Times are milliseconds of the monotonic clock. */
export interface Timing {
  readonly stage: Stage;
  /** When the stage began. */
  readonly since: number;
  /** When the request began to arrive. */
  readonly requestSince: number;
  readonly transport: {
    readonly lastRead: number;
    readonly lastWrite: number;
    /** Bytes that wait for the client to read. */
    readonly pending: number;
  };
  /** While a request is served: whether bytes of its body are still wanted from the client. */
  readonly isReceiving: boolean;
}

/** What is over: the time for a head, for a body, for an answer, for the client to read, or to stay. */
export type Expiry = 'head' | 'body' | 'answer' | 'read' | 'stay';

/** A client that sends on, and reads its answer when it has, may take so many times as long as one that is silent. */
const LONGEST_FAREWELL = 5;

/** Which deadline of a connection is over, if one is. */
export function expiryOf(timing: Timing, limits: Limits, now: number): Expiry | undefined {
  const { stage, since } = timing;
  const { lastRead, lastWrite, pending } = timing.transport;
  const isOver = (limitMs: number, from: number): boolean => limitMs > 0 && now - from >= limitMs;
  // How it is written to is its new owner's business.
  if (stage === 'released') return undefined;
  if (pending > 0 && isOver(limits.writeMs, lastWrite)) return 'read';
  switch (stage) {
    case 'fresh':
    case 'head':
    case 'refused':
      return isOver(limits.headMs, since) || isOver(limits.requestMs, since) ? 'head' : undefined;
    case 'serving':
      if (timing.isReceiving && isOver(limits.bodyMs, Math.max(since, lastRead))) return 'body';
      if (timing.isReceiving && isOver(limits.requestMs, timing.requestSince)) return 'body';
      return isOver(limits.answerMs, since) ? 'answer' : undefined;
    case 'rest':
      return isFarewellOver(timing, limits, now) ? 'stay' : undefined;
    case 'idle':
      return isOver(limits.keepAliveMs, since) ? 'stay' : undefined;
    case 'closing':
      return pending === 0 && isFarewellOver(timing, limits, now) ? 'stay' : undefined;
    case 'closed':
      return undefined;
  }
}

function isFarewellOver({ since, transport }: Timing, { lingerMs }: Limits, now: number): boolean {
  if (lingerMs <= 0) return false;
  const { lastRead, lastWrite } = transport;
  const isSilent = now - Math.max(since, lastRead, lastWrite) >= lingerMs;
  return isSilent || now - Math.max(since, lastWrite) >= lingerMs * LONGEST_FAREWELL;
}
