import type { ServerResponse } from 'node:http';

const size = Symbol('body size');

type Measured = ServerResponse & { [size]?: number };
type Write = (this: ServerResponse, ...parameters: unknown[]) => unknown;

/** Counts the body bytes of a response from now on, without framing, which Node does not tell. */
export function measureBody(response: ServerResponse): void {
  const measured = response as Measured;
  measured[size] = 0;
  for (const name of ['write', 'end'] as const) {
    const original = response[name] as Write;
    const counting: Write = function write(...parameters) {
      (this as Measured)[size]! += lengthOf(parameters);
      return original.apply(this, parameters);
    };
    Object.defineProperty(response, name, { value: counting, configurable: true, writable: true });
  }
}

/** What was counted; nothing for responses that have no body, whatever the application wrote. */
export function bodySize(response: ServerResponse): number {
  const { statusCode, req } = response;
  const bodiless = req.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  return bodiless ? 0 : ((response as Measured)[size] ?? 0);
}

function lengthOf([chunk, encoding]: readonly unknown[]): number {
  if (chunk instanceof Uint8Array) return chunk.byteLength;
  if (typeof chunk !== 'string') return 0;
  return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}
