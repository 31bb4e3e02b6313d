import type { Service } from './service.ts';
import type { ServedConnection } from './served-connection.ts';
import type { Limits } from './limits.ts';
import type { ParserPool } from './parser-pool.ts';

/** What all connections of a server share. */
export interface ConnectionHost {
  readonly service: Service;
  readonly limits: Readonly<Limits>;
  readonly parsers: ParserPool;
  /** Whether a client that has ended its side still gets the answer that it waits for. */
  readonly allowHalfOpen: boolean;
  /** Whether responses end their connections from now on. */
  readonly isClosing: boolean;
  /** A deadline of this length is to be kept. */
  keepDeadline(ms: number): void;
  onClosed(connection: ServedConnection): void;
}
