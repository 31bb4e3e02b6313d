import { ServerResponse } from '../../node-http.ts';
import { NodeExchange } from './node-exchange.ts';
import { connectionOf } from './socket-connection.ts';

/** A response that asks before its head is written, whoever writes it. */
export class GuardedResponse extends ServerResponse {
  override writeHead(...parameters: unknown[]): this {
    const exchange = this.socket === null ? undefined : connectionOf(this.socket)?.exchange;
    if (exchange instanceof NodeExchange && exchange.response === (this as object)) exchange.mayAnswer();
    return Reflect.apply(super.writeHead, this, parameters) as this;
  }
}
