import { getRequestListener } from '@hono/node-server';
import type { FetchHandler } from '@gunicorn-ts/interface';
import type { Fail, Serve } from './node.ts';

/** Serves `(request) => Response` through Hono's adapter. */
export function serveFetch(handler: FetchHandler, fail: Fail): Serve {
  const listener = getRequestListener(handler);
  return (request, response) => {
    listener(request, response).catch((error: unknown) => fail(response, error));
  };
}
