import { IncomingMessage, NodeServer, ServerResponse } from '../../node-http.ts';

/*
 * What `node:http` keeps under symbols of its own, and its own server uses. Each is looked for once, and done without
 * where a version of Node has no such thing; the tests say on every version whether that is noticed.
 */

const sample = new ServerResponse(new IncomingMessage(undefined as never));

const needDrain = symbolOf(sample, 'kNeedDrain');
const uniqueHeaders = symbolOf(new NodeServer(), 'kUniqueHeaders');
const detachAbortSignal = symbolOf(IncomingMessage.prototype, 'kDetachAbortSignal');

type Keyed<T> = Record<symbol, T | undefined>;

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}

/** Whether the application was told to wait for `drain`; from now on it was not. */
export function takeNeedDrain(response: ServerResponse): boolean {
  if (needDrain === undefined) return true;
  const flags = response as unknown as Keyed<boolean>;
  if (flags[needDrain] !== true) return false;
  flags[needDrain] = false;
  return true;
}

/** The request is answered: what happens to its connection later is none of its `signal`'s business. */
export function detachSignal(request: IncomingMessage): void {
  if (detachAbortSignal === undefined) return;
  (request as unknown as Keyed<() => void>)[detachAbortSignal]?.call(request);
}

/** Headers that a server sends once, joined, although they have several values: an option of Node's server. */
export function uniqueHeadersOf(server: NodeServer): unknown {
  const key = symbolOf(server, 'kUniqueHeaders');
  return key === undefined ? undefined : ((server as unknown as Keyed<unknown>)[key] ?? undefined);
}

export function setUniqueHeaders(response: ServerResponse, headers: unknown): void {
  if (uniqueHeaders !== undefined) (response as unknown as Keyed<unknown>)[uniqueHeaders] = headers;
}

/** What Node's own server reads and writes of its messages. None of it is in Node's types. */
export interface RequestInternals {
  _consumed?: boolean;
  _consuming?: boolean;
  _dumped: boolean;
  readonly _eventsCount: number;
  readonly _readableState: {
    resumeScheduled?: boolean;
    ended: boolean;
    endEmitted: boolean;
    destroyed: boolean;
    closed: boolean;
    closeEmitted: boolean;
  };
  _dump(): void;
  _dumpAndCloseReadable?(): void;
  _read(): void;
  _addHeaderLines(headers: readonly string[], count: number): void;
  joinDuplicateHeaders?: boolean;
  upgrade: boolean | null;
}

export interface ResponseInternals {
  _last: boolean;
  _closed: boolean;
  _headerSent: boolean;
  readonly _header: string | null;
  _keepAliveTimeout: number;
  _maxRequestsPerSocket: number;
  _expect_continue: boolean;
  maxRequestsOnConnectionReached: boolean;
  destroyed: boolean;
}

export type NodeRequest = IncomingMessage & RequestInternals;
export type NodeResponse = ServerResponse & ResponseInternals;

/** Whether nobody has read of a request that has no body, or listens to it: then how it ends is nobody's business. */
function isUnread(request: NodeRequest): boolean {
  const isConsumed = request._consuming ?? request._consumed;
  return isConsumed !== true && request._eventsCount === 0 && request._readableState.resumeScheduled !== true;
}

/** Its response is over: what nobody has read is read off the connection, and forgotten. */
export function endRequest(
  request: NodeRequest,
  { isBodiless, isEndDue }: { readonly isBodiless: boolean; readonly isEndDue: boolean },
): void {
  if (isBodiless && request.complete && isUnread(request)) {
    closeUnread(request);
    return;
  }
  if (isEndDue) request.push(null);
  // Of one that came in a single piece Node's stream is not asked for more, although somebody reads.
  const isConsumed = (request._consuming ?? request._consumed) === true || request.readableDidRead;
  if (!isConsumed && request._readableState.resumeScheduled !== true) request._dump();
}

/** Leaves such a request as it is at the end of a stream's life, without the five turns that takes. */
function closeUnread(request: NodeRequest): void {
  const state = request._readableState;
  request._dumped = true;
  state.ended = state.endEmitted = state.destroyed = state.closed = state.closeEmitted = true;
}

/** Says that a response is over, unless that has been said. */
export function emitClose(response: NodeResponse): void {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
}

/** Node's own words. */
const ABORTED = 'aborted';

/** The client of a request is gone before its answer was. */
export function abortRequest(request: IncomingMessage): void {
  request.destroy(Object.assign(new Error(ABORTED), { code: 'ECONNRESET' }));
}

/** Whether this is what {@link abortRequest} destroys a request with, or what a stream says of it. */
export function isAborted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code === 'ECONNRESET' && error.message === ABORTED) || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
