import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NodeExchange } from './node-exchange.ts';
import { connectionOf } from './socket-connection.ts';

type ServerSocket = Socket & { _httpMessage?: ServerResponse | null; server?: NodeJS.EventEmitter };

/** Has a socket's `timeout` heard: who listens is responsible, and else the connection is cut. As in Node's own server. */
export function hearTimeouts(socket: ServerSocket): void {
  socket.on('timeout', onTimeout);
}

function onTimeout(this: ServerSocket): void {
  const exchange = connectionOf(this)?.exchange;
  const request = exchange instanceof NodeExchange ? exchange.request : undefined;
  const isHeard = [
    request !== undefined && !request.complete && request.emit('timeout', this),
    this._httpMessage?.emit('timeout', this),
    this.server?.emit('timeout', this),
  ];
  if (!isHeard.includes(true)) this.destroy();
}
