import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

export default function app(request: IncomingMessage, response: ServerResponse): void {
  const { encrypted, getProtocol } = request.socket as TLSSocket;
  response.end(encrypted ? `You came by ${getProtocol.call(request.socket)}\n` : 'You came in the open\n');
}
