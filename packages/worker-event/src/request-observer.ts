import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hooks, RequestInfo, WorkerContext, WorkerFacade, WsgiEnviron } from '@gunicorn-ts/interface';
import { accessRecord, statusOf } from './access-record.ts';
import { bodySize, measureBody } from './body-size.ts';
import { stackOf } from './errors.ts';

/** Sees every request begin and end, for the access log and the hooks. */
export interface RequestObserver {
  /** What it throws is an error of the request. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  end(response: ServerResponse, durationMs: number): void;
}

/** Environs by response, for the access log's `{name}e` atom. */
export type Environs = WeakMap<ServerResponse, WsgiEnviron>;

/** `undefined` when neither the access log nor a hook wants to know: then a request costs nothing here. */
export function createObserver(context: WorkerContext, environs: Environs): RequestObserver | undefined {
  const { hooks, accessLog } = context;
  const measured = accessLog || hooks.postRequest !== undefined;
  if (!measured && hooks.preRequest === undefined) return undefined;
  const { facade } = context;
  return {
    begin(request, response) {
      if (measured) {
        measureBody(response);
        // Node remembers a peer address that was asked for, and cannot tell it once the client is gone.
        void request.socket.remoteAddress;
      }
      hooks.preRequest?.(facade, requestInfo(request));
    },
    end(response, durationMs) {
      if (hooks.postRequest !== undefined) callPostRequest(hooks.postRequest, facade, response);
      context.requestFinished(
        accessLog ? accessRecord(response, durationMs, environs.get(response)) : undefined,
      );
    },
  };
}

function callPostRequest(
  postRequest: NonNullable<Hooks['postRequest']>,
  facade: WorkerFacade,
  response: ServerResponse,
): void {
  const info = { status: statusOf(response), bytes: bodySize(response), raw: response };
  try {
    postRequest(facade, requestInfo(response.req), info);
  } catch (error) {
    facade.log.error(`The hook postRequest threw: ${stackOf(error)}`);
  }
}

function requestInfo(request: IncomingMessage): RequestInfo {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    remoteAddress: request.socket.remoteAddress ?? '',
    raw: request,
  };
}
