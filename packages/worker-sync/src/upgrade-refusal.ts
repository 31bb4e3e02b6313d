import type { IncomingHttpHeaders, Server } from 'node:http';
import { errorBody } from '@gunicorn-ts/http';
import type { Application, Logger, NodeHandler } from '@gunicorn-ts/interface';

const NOT_IMPLEMENTED = 501;
const SENTENCE = 'The sync worker serves no upgrades such as WebSocket';

/**
 * Answers requests for an upgrade that the application waits for, and would never see: a connection that lasts
 * would be the only one that this worker serves. Others are served as if they had not asked: `Upgrade` is an offer
 * (RFC 9110 §7.8).
 */
export function refuseUpgrades(application: Application, log: Logger): Application {
  if (application.kind !== 'node' || application.server === undefined) return application;
  const { server, handler } = application;
  let isTold = false;
  const tell = (): void => {
    if (isTold) return;
    isTold = true;
    log.warning(
      `The application listens for upgrades (WebSocket), and the sync worker serves none: they are answered ` +
        `with ${NOT_IMPLEMENTED}. Use --worker-class event.`,
    );
  };
  if (listens(server)) tell();
  const guarded: NodeHandler = (request, response) => {
    if (!listens(server) || !wantsUpgrade(request.headers)) return handler(request, response);
    tell();
    const body = errorBody(NOT_IMPLEMENTED, SENTENCE);
    response.writeHead(NOT_IMPLEMENTED, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
    return undefined;
  };
  return { ...application, handler: guarded };
}

function listens(server: Server): boolean {
  return server.listenerCount('upgrade') > 0;
}

function wantsUpgrade({ upgrade, connection }: IncomingHttpHeaders): boolean {
  return upgrade !== undefined && /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(connection ?? '');
}
