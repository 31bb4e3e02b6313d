/** An address and port, as a PROXY protocol header gives it. */
export interface ProxyEndpoint {
  readonly address: string;
  readonly port: number;
}

/** What a load balancer said about a connection in front of its first request. */
export interface ProxyHeader {
  readonly version: 1 | 2;
  /**
   * `UNKNOWN` (v1), `UNSPEC`, `UNIX` and `LOCAL` (v2) have no addresses: the transport peer is then the
   * client. `LOCAL` is the balancer's own health check.
   */
  readonly protocol: 'TCP4' | 'TCP6' | 'UNKNOWN' | 'UNSPEC' | 'UNIX' | 'LOCAL';
  /** The client. */
  readonly source: ProxyEndpoint | undefined;
  /** Where the client connected to. */
  readonly destination: ProxyEndpoint | undefined;
}

/** A header that was read, and how many bytes it took. */
export interface ProxyReading {
  readonly header: ProxyHeader;
  readonly length: number;
}
