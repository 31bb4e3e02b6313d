import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Application, Logger } from '@gunicorn-ts/interface';
import type { ClientErrors } from './client-error.ts';
import { stackOf } from './errors.ts';
import type { HttpServer } from './http-server.ts';
import type { RequestPath } from './request-path.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

export interface Delegation {
  readonly application: Application;
  readonly server: HttpServer;
  readonly requests: RequestPath;
  readonly upgraded: UpgradedSockets;
  readonly refusals: ClientErrors;
  readonly log: Logger;
}

type Takeover = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type Expectation = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Hands to the application's own server the events that it listens to. An event is only listened to once
 * the application does, since having a listener changes what Node does by itself.
 */
export function delegateEvents(delegation: Delegation): void {
  const { application, server, refusals } = delegation;
  server.on('clientError', refusals.listener);
  const own = application.kind === 'node' ? application.server : undefined;
  if (own === undefined) return;
  const attach = new Map<string | symbol, () => void>([
    ['upgrade', () => server.on('upgrade', takeover(delegation, own, 'upgrade'))],
    ['connect', () => server.on('connect', takeover(delegation, own, 'connect'))],
    ['checkContinue', () => server.on('checkContinue', expectation(delegation, own, 'checkContinue'))],
    [
      'checkExpectation',
      () => server.on('checkExpectation', expectation(delegation, own, 'checkExpectation')),
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

function takeover({ upgraded, log }: Delegation, own: Server, event: 'upgrade' | 'connect'): Takeover {
  return (request, socket, head) => {
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
    requests.run(request, response, () => own.emit(event, request, response));
  };
}

function replaceClientError(server: HttpServer, own: Server): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error, socket) => void own.emit('clientError', error, socket));
}
