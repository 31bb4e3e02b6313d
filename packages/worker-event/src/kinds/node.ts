import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeHandler } from '@gunicorn-ts/interface';

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;
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
