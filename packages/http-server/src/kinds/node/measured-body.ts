import { ServerResponse } from '../../node-http.ts';

const size = Symbol('body size');

type Measured = ServerResponse & { [size]?: number };
type Write = (this: ServerResponse, ...parameters: unknown[]) => unknown;

const nativeWrite = ServerResponse.prototype.write as unknown as Write;
const nativeEnd = ServerResponse.prototype.end as unknown as Write;

/**
 * Counts the body bytes of a response from now on, without framing, which Node does not tell. On the response itself:
 * frameworks replace its prototype.
 */
export function measureBody(response: ServerResponse): void {
  const measured = response as Measured;
  measured[size] = 0;
  measured.write = measuredWrite as ServerResponse['write'];
  measured.end = measuredEnd as ServerResponse['end'];
}

/** What was counted; nothing for responses that have no body, whatever the application wrote. */
export function measuredSize(response: ServerResponse): number {
  const { statusCode, req } = response;
  const bodiless = req.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  return bodiless ? 0 : ((response as Measured)[size] ?? 0);
}

function measuredWrite(this: Measured, ...parameters: unknown[]): unknown {
  this[size]! += lengthOf(parameters[0], parameters[1]);
  return Reflect.apply(nativeWrite, this, parameters);
}

function measuredEnd(this: Measured, ...parameters: unknown[]): unknown {
  this[size]! += lengthOf(parameters[0], parameters[1]);
  return Reflect.apply(nativeEnd, this, parameters);
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (chunk instanceof Uint8Array) return chunk.byteLength;
  if (typeof chunk !== 'string') return 0;
  return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}
