import type { Server } from 'node:http';
import type { NodeExchange } from '../kinds/node/node-exchange.ts';

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/** Gives a request to the listeners of a server, or answers it in their place. As Node's own server does. */
export function emitRequest(server: Server, { request, response, connection }: NodeExchange): void {
  if (request.httpVersionMajor === 1 && request.httpVersionMinor === 1) {
    const { maxRequestsPerSocket } = server;
    if (maxRequestsPerSocket !== null && maxRequestsPerSocket > 0) {
      response.maxRequestsOnConnectionReached = connection.requests >= maxRequestsPerSocket;
      if (connection.requests > maxRequestsPerSocket) {
        server.emit('dropRequest', request, request.socket);
        response.writeHead(503).end();
        return;
      }
    }
    const expectation = connection.exchange?.head.fields.get('expect');
    if (expectation !== undefined) {
      emitExpectation(server, expectation, { request, response });
      return;
    }
  }
  server.emit('request', request, response);
}

function emitExpectation(
  server: Server,
  expectation: string,
  { request, response }: Pick<NodeExchange, 'request' | 'response'>,
): void {
  if (!CONTINUE.test(expectation)) {
    if (server.listenerCount('checkExpectation') > 0) server.emit('checkExpectation', request, response);
    else response.writeHead(417).end();
    return;
  }
  response._expect_continue = true;
  if (server.listenerCount('checkContinue') > 0) {
    server.emit('checkContinue', request, response);
    return;
  }
  response.writeContinue();
  server.emit('request', request, response);
}
