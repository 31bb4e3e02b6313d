import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@gunicorn-ts/interface';
import { stackOf } from './errors.ts';
import type { HttpServer } from './http-server.ts';
import type { RequestPath } from './request-path.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

export interface Delegation {
  readonly application: Server;
  readonly server: HttpServer;
  readonly requests: RequestPath;
  readonly upgraded: UpgradedSockets;
  readonly log: Logger;
}

type TakeOver = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Hands to the application's own server the events that it listens to. An event is only listened to once
 * the application does, since a listener changes what Node does by default.
 */
export function delegateEvents(delegation: Delegation): void {
  const { application, server } = delegation;
  const attach: Record<string, () => void> = {
    upgrade: () => server.on('upgrade', takeOver(delegation, 'upgrade')),
    connect: () => server.on('connect', takeOver(delegation, 'connect')),
    checkContinue: () => server.on('checkContinue', expectation(delegation, 'checkContinue')),
    checkExpectation: () => server.on('checkExpectation', expectation(delegation, 'checkExpectation')),
  };
  const attachOnce = (event: string | symbol): void => {
    if (typeof event !== 'string' || !Object.hasOwn(attach, event)) return;
    attach[event]?.();
    delete attach[event];
  };
  for (const event of Object.keys(attach)) if (application.listenerCount(event) > 0) attachOnce(event);
  application.on('newListener', attachOnce);
}

function takeOver({ application, upgraded, log }: Delegation, event: 'upgrade' | 'connect'): TakeOver {
  return (request, socket, head) => {
    upgraded.add(request, socket);
    try {
      application.emit(event, request, socket, head);
    } catch (error) {
      log.error(`Error handling request ${request.method} ${request.url}\n${stackOf(error)}`);
      socket.destroy();
    }
  };
}

function expectation(
  { application, requests }: Delegation,
  event: 'checkContinue' | 'checkExpectation',
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    requests.run(request, response, () => application.emit(event, request, response));
  };
}
