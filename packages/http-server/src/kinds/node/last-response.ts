import type { ServerResponse } from 'node:http';

type Head = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Makes a response the last of its connection. A `Connection` header of the application's own, which proxies
 * copy from their upstream, would have the last word in Node: the client would go on using a connection that
 * is about to be cut.
 */
export function markLast(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  // The application may have put a function of its own here.
  const { writeHead } = response;
  response.writeHead = function writeLastHead(
    this: ServerResponse,
    ...parameters: unknown[]
  ): ServerResponse {
    // Another response may have become the last one since.
    const last = !this.shouldKeepAlive && parameters[0] !== 101;
    return Reflect.apply(writeHead, this, last ? withClose(this, parameters) : parameters) as ServerResponse;
  } as ServerResponse['writeHead'];
}

function withClose(response: ServerResponse, parameters: readonly unknown[]): unknown[] {
  let found = response.hasHeader('connection');
  const cleaned = parameters.map((parameter) => {
    if (typeof parameter !== 'object' || parameter === null) return parameter;
    const rest = withoutConnection(parameter as Head);
    found ||= rest !== parameter;
    return rest;
  });
  // Not `removeHeader`: after that Node sends no such header at all.
  if (found) response.setHeader('Connection', 'close');
  return cleaned;
}

/** The same object when there is nothing to leave out. Node takes objects, flat lists and lists of pairs. */
function withoutConnection(head: Head): Head {
  if (!Array.isArray(head)) {
    const entries = Object.entries(head);
    const kept = entries.filter(([name]) => !isConnection(name));
    return kept.length === entries.length ? head : Object.fromEntries(kept);
  }
  const kept = Array.isArray(head[0])
    ? head.filter((pair: readonly unknown[]) => !isConnection(pair[0]))
    : head.filter((_, index) => !isConnection(head[index - (index % 2)]));
  return kept.length === head.length ? head : kept;
}

function isConnection(name: unknown): boolean {
  return String(name).toLowerCase() === 'connection';
}
