import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RequestError } from '@gunicorn-ts/http';
import type { Application, Logger } from '@gunicorn-ts/interface';
import type { Admission } from './admission.ts';
import { stackOf } from './errors.ts';
import type { HttpServer } from './http-server.ts';
import { http } from './node-http.ts';
import type { Refusals } from './refusals.ts';
import type { RequestPath } from './request-path.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

export interface Delegation {
  readonly application: Application;
  readonly server: HttpServer;
  readonly requests: RequestPath;
  readonly upgraded: UpgradedSockets;
  readonly refusals: Refusals;
  readonly admission: Admission;
  readonly log: Logger;
}

type Takeover = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type Expectation = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Hands to the application's own server the events that it listens to. An event is only listened to once
 * the application does, since having a listener changes what Node does by itself.
 */
export function delegateEvents(delegation: Delegation): void {
  const { application, server, refusals, requests } = delegation;
  server.on('clientError', refusals.clientError);
  // Node would tell the client to send its body, or answer it, before anybody could refuse the request.
  server.on('checkContinue', requests.continued);
  server.on('checkExpectation', requests.listener);
  server.on('connect', (request, socket) => answerConnect(requests, request, socket));
  const own = application.kind === 'node' ? application.server : undefined;
  if (own === undefined) return;
  const attach = new Map<string | symbol, () => void>([
    ['upgrade', () => server.on('upgrade', takeover(delegation, own, 'upgrade'))],
    ['connect', () => replace(server, 'connect', takeover(delegation, own, 'connect'))],
    ['checkContinue', () => replace(server, 'checkContinue', expectation(delegation, own, 'checkContinue'))],
    [
      'checkExpectation',
      () => replace(server, 'checkExpectation', expectation(delegation, own, 'checkExpectation')),
    ],
    ['clientError', () => replaceClientError(server, own)],
  ]);
  const attachOnce = (event: string | symbol): void => {
    attach.get(event)?.();
    attach.delete(event);
  };
  for (const event of attach.keys()) if (own.listenerCount(event) > 0) attachOnce(event);
  own.on('newListener', attachOnce);
}

function takeover(delegation: Delegation, own: Server, event: 'upgrade' | 'connect'): Takeover {
  const { admission, refusals, upgraded, log } = delegation;
  return (request, socket, head) => {
    if (refusals.concerns(request.socket)) return;
    try {
      admission.judge(request);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      refusals.refuseSocket(request.socket, error, request);
      return;
    }
    upgraded.add(request, socket);
    try {
      own.emit(event, request, socket, head);
    } catch (error) {
      log.error(`Error handling request ${request.method} ${request.url}\n${stackOf(error)}`);
      socket.destroy();
    }
  };
}

function expectation({ requests }: Delegation, own: Server, event: string): Expectation {
  return (request, response) => {
    requests.run(request, response, () => own.emit(event, request, response), event === 'checkExpectation');
  };
}

/** Node hangs up on CONNECT when nobody listens; here it is a request, which the application may refuse in words. */
function answerConnect(requests: RequestPath, request: IncomingMessage, socket: Duplex): void {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  socket.on('error', () => {});
  response.on('finish', () => {
    response.detachSocket(socket as Socket);
    request.socket.destroySoon();
    response.emit('close');
  });
  requests.listener(request, response);
}

function replace(server: HttpServer, event: string, listener: Expectation | Takeover): void {
  server.removeAllListeners(event);
  server.on(event, listener);
}

function replaceClientError(server: HttpServer, own: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error, socket) => void own.emit('clientError', error, socket));
}
