import type { RequestHead, ResponseDraft } from '@gunicorn-ts/http';
import type { AsgiGateway, AsgiHandler } from '@gunicorn-ts/interface';
import type { Respond } from '../direct/answer.ts';
import { AsgiResponder } from './asgi-responder.ts';
import { HandlerGateway } from './handler-gateway.ts';

const NO_WEBSOCKET: ResponseDraft = { status: 501, headers: [['Content-Type', 'text/plain']] };
const REFUSAL = 'WebSockets are not served to ASGI applications yet';

/** To an ASGI application of this process, or to where it runs. */
export function gatewayTo(handler: AsgiHandler | AsgiGateway): AsgiGateway {
  return typeof handler === 'function' ? new HandlerGateway(handler) : handler;
}

/** Serves an ASGI application. */
export function respondThrough(gateway: AsgiGateway): Respond {
  return (answer) => {
    if (isWebSocket(answer.head)) {
      answer.begin({ ...NO_WEBSOCKET, bodyLength: REFUSAL.length });
      answer.writeText(REFUSAL, REFUSAL.length);
      answer.end(true);
      return undefined;
    }
    const responder = new AsgiResponder(answer);
    responder.call = gateway.call(answer, responder);
    return responder;
  };
}

function isWebSocket({ wantsUpgrade, fields }: RequestHead): boolean {
  return wantsUpgrade && fields.get('upgrade')?.toLowerCase() === 'websocket';
}
