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

const IMPATIENT = 'a connection is to be taken over while a request on it is being served';

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
  server.on('connect', (request, socket) => answerConnect(delegation, request, socket));
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
    if (isAnswering(socket)) {
      refusals.hangUp(request, IMPATIENT);
      return;
    }
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
function answerConnect({ requests, refusals }: Delegation, request: IncomingMessage, socket: Duplex): void {
  if (isAnswering(socket)) {
    if (!refusals.concerns(request.socket)) refusals.hangUp(request, IMPATIENT);
    return;
  }
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

/**
 * Whether an earlier request on the connection is not answered yet. Node has let go of the connection by now, so
 * that answer cannot be waited for.
 */
function isAnswering(socket: Duplex): boolean {
  return ((socket as { _httpMessage?: unknown })._httpMessage ?? null) !== null;
}

function replace(server: HttpServer, event: string, listener: Expectation | Takeover): void {
  server.removeAllListeners(event);
  server.on(event, listener);
}

function replaceClientError(server: HttpServer, own: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error, socket) => void own.emit('clientError', error, socket));
}
