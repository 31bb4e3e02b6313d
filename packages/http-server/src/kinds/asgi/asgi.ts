import { HttpRules } from '@gunicorn-ts/http';
import type { AsgiGateway, AsgiHandler, AsgiRequest, WorkerContext } from '@gunicorn-ts/interface';
import type { Answer, Respond } from '../direct/answer.ts';
import { AsgiResponder } from './asgi-responder.ts';
import { forwardedClient } from './forwarded-client.ts';
import { HandlerGateway } from './handler/handler-gateway.ts';
import { handlerOptions } from './handler/handler-options.ts';
import { asksForWebSocket, handshakeRefusal, type HandshakeRefusal } from './websocket/handshake.ts';
import type { WebSockets } from './websocket/websockets.ts';

/** How an application is served, and what is told when the worker leaves. */
export interface AsgiService {
  readonly respond: Respond;
  leave(deadlineMs: number): void;
}

/** Of an application of this kind, what is used here. */
export interface AsgiApplication {
  readonly handler: AsgiHandler | AsgiGateway;
  readonly state?: Readonly<Record<string, unknown>>;
}

/** Of the worker's context, what is used here. */
type ServedContext = Pick<WorkerContext, 'settings' | 'listeners'>;

const NO_WEBSOCKET: HandshakeRefusal = {
  draft: { status: 501, headers: [['Content-Type', 'text/plain']] },
  text: 'WebSockets are not served here',
};

/** Serves an ASGI application: one of this process, or one that runs elsewhere. */
export async function serveAsgi(
  { handler, state = {} }: AsgiApplication,
  context: ServedContext,
): Promise<AsgiService> {
  const { rootPath, websocket } = handlerOptions(context.settings, process.env);
  const gateway =
    typeof handler === 'function' ? new HandlerGateway(handler, { rootPath, state }, websocket) : handler;
  const clientOf = clientMaker(gateway, context);
  const connect = await connectorTo(gateway);
  const respond: Respond = (answer) => {
    const { head, stream } = answer;
    const client = clientOf(answer);
    const request = client === answer.client ? answer : { head, stream, client };
    if (asksForWebSocket(head)) return connect.respond(answer, request);
    const responder = new AsgiResponder(answer);
    responder.call = gateway.call(request, responder);
    return responder;
  };
  const leave = (deadlineMs: number): void => {
    connect.sockets?.leave(deadlineMs);
    gateway.leave?.(deadlineMs);
  };
  return { respond, leave };
}

/** How WebSockets are opened. */
interface Connector {
  readonly sockets: WebSockets | undefined;
  respond(answer: Answer, request: AsgiRequest): ReturnType<Respond>;
}

/** What speaks the protocol is only loaded for those that know it. */
async function connectorTo(gateway: AsgiGateway): Promise<Connector> {
  const { connect, websocket } = gateway;
  if (connect === undefined || websocket === undefined) {
    return { sockets: undefined, respond: (answer) => refuse(answer, NO_WEBSOCKET) };
  }
  const { WebSockets } = await import('./websocket/websockets.ts');
  const { WebSocketResponder } = await import('./websocket/websocket-responder.ts');
  const sockets = new WebSockets(websocket);
  const respond: Connector['respond'] = (answer, request) => {
    const refusal = handshakeRefusal(answer.head);
    if (refusal !== undefined) return refuse(answer, refusal);
    const responder = new WebSocketResponder(answer, sockets);
    responder.call = connect.call(gateway, request, responder);
    return responder;
  };
  return { sockets, respond };
}

function refuse(answer: Answer, { draft, text }: HandshakeRefusal): undefined {
  answer.begin({ ...draft, bodyLength: text.length });
  answer.writeText(text, text.length);
  answer.end(true);
}

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
      : { ...client, path, tls: client.tls };
  };
}
