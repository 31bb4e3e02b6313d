import type { Duplex } from 'node:stream';
import type { ProxyHeader } from '@gunicorn-ts/http';
import type { MakeStream, Transport } from '../transport/transport.ts';
import type { Stage } from './deadline.ts';
import type { Exchange } from './exchange.ts';

/** A connection, as those see it who serve its requests. */
export interface ServedConnection {
  readonly transport: Transport;
  readonly stage: Stage;
  /** Requests that have begun on it. */
  readonly requests: number;
  /** The request that is with the application. */
  exchange: Exchange | undefined;
  /** Whether no further request follows on it, whatever the client and the application want. */
  readonly isLast: boolean;
  /** What a load balancer said of the client. */
  readonly proxy: ProxyHeader | undefined;
  /** What a service keeps with the connection. */
  attachment: unknown;
  /** The application wants more of the body. */
  wantBody(): void;
  /** The response is complete, and all of it has been given to the transport. */
  exchangeDone(keepAlive: boolean): void;
  /**
   * Sends what waits, and closes.
   * @param mayLinger whether the client may be in the middle of sending something
   */
  close(mayLinger: boolean): void;
  /** Reads no more requests. The connection stays, for whoever answers. */
  stopReading(): void;
  destroy(error?: Error): void;
  /** Bytes behind the head, for whoever takes the connection over. Ends the parsing. */
  takeRest(): Buffer;
  /** The connection leaves HTTP, as `Transport.release` has it. Whoever gets it says with {@link forget} when it is gone. */
  release(make?: MakeStream): Duplex;
  forget(): void;
  /** Has the service told when nothing goes in or out for so long, in milliseconds; 0 ends it. */
  watchInactivity(ms: number): void;
}
