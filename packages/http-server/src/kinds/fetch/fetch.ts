import type { FetchHandler } from '@gunicorn-ts/interface';
import type { Client, Respond } from '../direct/answer.ts';
import { sendResponse } from './fetch-response.ts';
import { installLightRequest, LightRequest } from './light-request.ts';
import { installLightResponse, LightResponse } from './light-response.ts';

/** Serves `(request) => Response`. */
export function respondWithFetch(handler: FetchHandler): Respond {
  installLightRequest();
  installLightResponse();
  return (exchange) => {
    const request = new LightRequest(exchange) as unknown as Request;
    const result = handler(request, envOf(exchange));
    return !LightResponse.isLight(result) && result instanceof Promise
      ? result.then((response) => sendResponse(exchange, response))
      : sendResponse(exchange, result);
  };
}

/** What frameworks for Node look for the client's address in. */
interface FetchEnv {
  readonly incoming: {
    readonly socket: { readonly remoteAddress: string; readonly remotePort: number };
  };
}

function envOf({ client }: { client: Client }): FetchEnv {
  return { incoming: { socket: { remoteAddress: client.host, remotePort: client.port } } };
}
