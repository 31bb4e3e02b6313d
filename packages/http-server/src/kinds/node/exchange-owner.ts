import type { IncomingMessage, Server } from 'node:http';
import type { RequestError } from '@gunicorn-ts/http';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { NodeResponse } from './internals.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { NodeGate } from './node-gate.ts';

/** Who makes exchanges, and is asked by them. */
export interface ExchangeOwner {
  readonly server: Server;
  responseTo(request: IncomingMessage): NodeResponse;
  /** What keeps requests until they are with the application; `undefined` when nothing does. */
  readonly gate: NodeGate | undefined;
  /** Has the application answer. */
  run(exchange: NodeExchange): void;
  /** The body cannot be kept. */
  unstored(exchange: NodeExchange, error: Error): void;
  refuse(connection: ServedConnection, error: RequestError): void;
  giveUp(exchange: NodeExchange): void;
  /** All of the response is with the kernel. */
  answered(exchange: NodeExchange): void;
  /** The exchange is over. Told once. */
  ended(exchange: NodeExchange): void;
  drained(connection: ServedConnection): void;
}
