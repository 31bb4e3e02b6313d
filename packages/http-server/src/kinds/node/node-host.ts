import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestError } from '@gunicorn-ts/http';
import type { Meter } from '@gunicorn-ts/interface';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { NodeGate } from './node-gate.ts';

/** It is handed over, served like any other, or its connection is cut. */
export type UpgradeVerdict = 'upgrade' | 'serve' | 'cut';

/** What can be done about a connection that is not served. */
export interface Answering {
  /** What `request.socket` is, or would be. */
  socketOf(connection: ServedConnection): Duplex;
  /**
   * Answers for the application, and ends the connection.
   * @param text a whole response
   * @param error that the socket has for whoever listens, as when Node destroys it
   * @returns false when another response has begun: then the connection is cut
   */
  answer(connection: ServedConnection, text: string, error?: Error): boolean;
}

/** What a `(req, res)` application is served with. */
export interface NodeHost {
  /** Where connections and requests are counted. */
  readonly meter?: Meter | undefined;
  /** Has the events and the properties that applications look for in `request.socket.server`. */
  readonly server: Server;
  /** How long idle connections are kept, as responses announce it; 0 announces nothing. */
  readonly keepAliveMs: number;
  /** How many header lines a request may have; Node's own rule without. */
  readonly mostHeaders?: number;
  /** Who alone is called with all requests; `undefined` when that is nobody, or cannot be said. */
  readonly application: RequestListener | undefined;
  /** Whether HTTP/1.1 must say what host it is for, where the rules have let it pass without. */
  readonly requiresHost?: boolean;
  readonly requestClass?: typeof IncomingMessage;
  readonly responseClass?: typeof ServerResponse;
  /** Has requests wait for their turn. */
  readonly gate?: NodeGate | undefined;
  /** Has the application answer. What it throws is the caller's. */
  run(exchange: NodeExchange): void;
  /** What arrived is no request, or the rest of its body is none. */
  refuse(connection: ServedConnection, error: RequestError, answering: Answering): void;
  /** A head, or the rest of a request, has not arrived in time. */
  expire(connection: ServedConnection, answering: Answering): void;
  /** The socket of a connection has an error. Without this it is cut. */
  socketFailed?(connection: ServedConnection, error: Error, answering: Answering): void;
  /** The body cannot be kept until the application is called. */
  unstored?(exchange: NodeExchange, error: Error, answering: Answering): void;
  /** The client does not read the response, and is cut off. */
  onUnread?(exchange: NodeExchange): void;
  /** All that is left of a connection is that its client reads why it was refused. */
  onFarewell?(connection: ServedConnection): void;
  /** The application has not answered in time. */
  giveUp(exchange: NodeExchange, answering: Answering): void;
  /** All of a response is with the kernel. */
  onAnswer?(exchange: NodeExchange): void;
  /** An exchange is over, well or badly. */
  onEnd?(exchange: NodeExchange): void;
  /** What becomes of a request for another protocol, or of a CONNECT. */
  judgeUpgrade(request: IncomingMessage): UpgradeVerdict;
  /** The connection is the application's from now on. */
  onUpgrade(request: IncomingMessage, socket: Socket, rest: Buffer): void;
}
