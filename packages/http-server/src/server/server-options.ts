import type { IncomingMessage, ServerOptions as NodeServerOptions, ServerResponse } from 'node:http';
import type { TransportChoice } from '../engine.ts';

export interface ServerOptions<
  Request extends typeof IncomingMessage = typeof IncomingMessage,
  Response extends typeof ServerResponse<InstanceType<Request>> = typeof ServerResponse,
> extends NodeServerOptions<Request, Response> {
  /**
   * How the bytes of connections come and go. `descriptor`: by system calls, watched by the event loop as one; an error
   * where that cannot be. `stream`: through sockets of Node's. `auto`: the first where it can be. Default: `auto`.
   */
  readonly transport?: TransportChoice;
}
