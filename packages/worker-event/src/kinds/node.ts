import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scheme } from '@gunicorn-ts/http';
import type { NodeHandler } from '@gunicorn-ts/interface';

/** @param scheme what the client used, as far as its proxy is believed */
export type Serve = (request: IncomingMessage, response: ServerResponse, scheme: Scheme) => void;
export type Fail = (response: ServerResponse, thrown: unknown) => void;

/** Serves `(req, res)`. What it throws, or rejects with, ends in `fail`. */
export function serveNode(handler: NodeHandler, fail: Fail): Serve {
  return (request, response) => {
    let result: unknown;
    try {
      result = handler(request, response);
    } catch (error) {
      fail(response, error);
      return;
    }
    if (isThenable(result)) result.then(undefined, (error: unknown) => fail(response, error));
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
