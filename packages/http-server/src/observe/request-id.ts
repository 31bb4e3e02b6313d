import { randomUUID } from 'node:crypto';
import {
  type ErrorAnswer,
  type HttpRules,
  IdentifiedHead,
  type RequestHead,
  type ResponseDraft,
  type ResponseHeaders,
} from '@gunicorn-ts/http';
import type { Settings } from '@gunicorn-ts/interface';
import type { Exchange } from '../connection/exchange.ts';
import type { ServedConnection } from '../connection/served-connection.ts';
import type { Service } from '../connection/service.ts';

/** What an id that comes from somebody else may be: nothing that another reader of logs or headers would take apart. */
const ID = /^[\w.:/+=-]{1,128}$/;

const NO_HEADERS: ResponseHeaders = [];

/** The id that a request has: that of a peer whose word is believed, or a new one. Pure but for the new one. */
export function requestId(
  said: string | undefined,
  isBelieved: boolean,
  make: () => string = randomUUID,
): string {
  return said !== undefined && isBelieved && ID.test(said) ? said : make();
}

/** Has each request identified before it is served. Where nobody wants that, it is the service itself. */
export function identifying(
  service: Service,
  { requestIdHeader: name }: Pick<Settings, 'requestIdHeader'>,
  rules: Pick<HttpRules, 'trustsForwarder'>,
): Service {
  if (name === undefined) return service;
  const wanted = name.toLowerCase();
  const accept = service.accept.bind(service);
  // In place, so that all that the service is besides stays as it is.
  service.accept = (connection: ServedConnection, head: RequestHead): Exchange | undefined => {
    const isBelieved = rules.trustsForwarder(connection.transport.peer.host);
    return accept(connection, head.identified(name, requestId(head.fields.get(wanted), isBelieved)));
  };
  return service;
}

/** What the response says of it. */
export function idHeaders(head: RequestHead): ResponseHeaders {
  return head instanceof IdentifiedHead ? [[head.idHeader, head.id]] : NO_HEADERS;
}

/** A response with the id of its request, unless the application gives that itself. */
export function withId(head: RequestHead, draft: ResponseDraft): ResponseDraft {
  if (!(head instanceof IdentifiedHead)) return draft;
  const name = head.idHeader.toLowerCase();
  const isGiven = draft.headers.some(([one]) => one.toLowerCase() === name);
  return isGiven ? draft : { ...draft, headers: [...draft.headers, [head.idHeader, head.id]] };
}

/** What an answer of the server's own says and depends on. */
export function answerTo(head: RequestHead): Required<Pick<ErrorAnswer, 'method' | 'headers'>> {
  return { method: head.method, headers: idHeaders(head) };
}

/** How an entry of the error log speaks of a request. */
export function named(head: RequestHead): {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  const { method, target } = head;
  if (!(head instanceof IdentifiedHead)) return { text: `${method} ${target}`, fields: { method, target } };
  return { text: `${method} ${target} [${head.id}]`, fields: { method, target, request_id: head.id } };
}
