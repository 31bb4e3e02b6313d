import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NodeExchange } from './node-exchange.ts';
import { connectionOf } from './socket-connection.ts';

type ServerSocket = Socket & { _httpMessage?: ServerResponse | null; server?: NodeJS.EventEmitter };

/** Has the `timeout` of a socket heard: who listens is responsible, and else the connection is cut. As in Node's own server. */
export function onTimeout(socket: ServerSocket): void {
  const exchange = connectionOf(socket)?.exchange;
  const request = exchange instanceof NodeExchange ? exchange.request : undefined;
  const isHeard = [
    request !== undefined && !request.complete && request.emit('timeout', socket),
    socket._httpMessage?.emit('timeout', socket),
    socket.server?.emit('timeout', socket),
  ];
  if (!isHeard.includes(true)) socket.destroy();
}
