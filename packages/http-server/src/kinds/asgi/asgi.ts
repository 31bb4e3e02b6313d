import { HttpRules, type RequestHead, type ResponseDraft } from '@gunicorn-ts/http';
import type { AsgiGateway, AsgiHandler, AsgiRequest, WorkerContext } from '@gunicorn-ts/interface';
import type { Answer, Respond } from '../direct/answer.ts';
import { AsgiResponder } from './asgi-responder.ts';
import { forwardedClient } from './forwarded-client.ts';
import { HandlerGateway } from './handler-gateway.ts';

const NO_WEBSOCKET: ResponseDraft = { status: 501, headers: [['Content-Type', 'text/plain']] };
const REFUSAL = 'WebSockets are not served to ASGI applications yet';

/** To an ASGI application of this process, or to where it runs. */
export function gatewayTo(handler: AsgiHandler | AsgiGateway): AsgiGateway {
  return typeof handler === 'function' ? new HandlerGateway(handler) : handler;
}

/** Serves an ASGI application. */
export function respondThrough(gateway: AsgiGateway, context: ServedContext): Respond {
  const clientOf = clientMaker(gateway, context);
  return (answer) => {
    if (isWebSocket(answer.head)) {
      answer.begin({ ...NO_WEBSOCKET, bodyLength: REFUSAL.length });
      answer.writeText(REFUSAL, REFUSAL.length);
      answer.end(true);
      return undefined;
    }
    const responder = new AsgiResponder(answer);
    const { head, stream } = answer;
    const client = clientOf(answer);
    const request = client === answer.client ? answer : { head, stream, client };
    responder.call = gateway.call(request, responder);
    return responder;
  };
}

/** Of the worker's context, what is used here. */
type ServedContext = Pick<WorkerContext, 'settings' | 'listeners'>;

/** Who asks, as the gateway wants to hear it. */
function clientMaker(
  gateway: AsgiGateway,
  { settings, listeners }: ServedContext,
): (answer: Answer) => AsgiRequest['client'] {
  const rules = new HttpRules(settings);
  const [path, ...others] = listeners.flatMap(({ address }) =>
    address.kind === 'unix' ? [address.path] : [],
  );
  return (answer) => {
    const client = gateway.namesForwardedClient === true ? forwardedClient(answer, rules) : answer.client;
    return client.local !== undefined || path === undefined || others.length > 0
      ? client
      : { ...client, path };
  };
}

function isWebSocket({ wantsUpgrade, fields }: RequestHead): boolean {
  return wantsUpgrade && fields.get('upgrade')?.toLowerCase() === 'websocket';
}
