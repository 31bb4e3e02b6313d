/** A request that is being served, as the autopsy and the log show it. */
export interface RequestSummary {
  readonly method: string;
  /** Path and query as the client sent them, cut to 200 characters. */
  readonly target: string;
  /** Milliseconds since its head was complete. */
  readonly ageMs: number;
  /** Peer address, empty for unix sockets. */
  readonly peer: string;
}

/**
 * What the access log needs of one finished request. Header look-ups are functions so that a format
 * that does not ask for headers costs nothing.
 */
export interface AccessRecord {
  /** Peer address; empty for unix sockets. */
  readonly remoteAddress: string;
  readonly method: string;
  /** Request target as received (`RAW_URI`). */
  readonly target: string;
  /** `HTTP/1.1` */
  readonly protocol: string;
  readonly status: number;
  /** Body bytes sent, without head and chunk framing. */
  readonly bytes: number;
  /** From the complete request head to the last byte of the response handed to the kernel. */
  readonly durationMs: number;
  /** A request header, case-insensitive. */
  requestHeader(name: string): string | undefined;
  /** A response header, case-insensitive. */
  responseHeader(name: string): string | undefined;
  /** A WSGI environ entry, when the application is one; else `undefined`. */
  environ?(name: string): string | undefined;
}
