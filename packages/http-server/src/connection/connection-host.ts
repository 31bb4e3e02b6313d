import type { Service } from './service.ts';
import type { ServedConnection } from './served-connection.ts';
import type { Limits } from './limits.ts';
import type { RequestReaders } from './request-reader.ts';

/** What all connections of a server share. */
export interface ConnectionHost {
  readonly service: Service;
  readonly limits: Readonly<Limits>;
  readonly parsers: RequestReaders;
  /** Whether a client that has ended its side still gets the answer that it waits for. */
  readonly allowHalfOpen: boolean;
  /** Whether responses end their connections from now on. */
  readonly isClosing: boolean;
  /** A deadline of this length is to be kept. */
  keepDeadline(ms: number): void;
  /** The client speaks HTTP/2 from the first byte on. */
  onPreface(connection: ServedConnection): void;
  onClosed(connection: ServedConnection): void;
}
