import type { ServerResponse } from 'node:http';
import { NodeExchange } from './node-exchange.ts';
import { connectionOf } from './socket-connection.ts';

/**
 * Has a response ask before its head is written, whoever writes it. On the response itself: frameworks replace its
 * prototype.
 */
export function guardHead(response: ServerResponse): void {
  response.writeHead = writeGuardedHead as ServerResponse['writeHead'];
}

function writeGuardedHead(this: ServerResponse, ...parameters: unknown[]): ServerResponse {
  const exchange = this.socket === null ? undefined : connectionOf(this.socket)?.exchange;
  if (exchange instanceof NodeExchange && exchange.response === this) exchange.mayAnswer();
  let maker = Object.getPrototypeOf(this) as ServerResponse;
  // An object may have been made of the response.
  while (maker.writeHead === (writeGuardedHead as unknown))
    maker = Object.getPrototypeOf(maker) as ServerResponse;
  const { writeHead } = maker;
  return Reflect.apply(writeHead, this, parameters) as ServerResponse;
}
