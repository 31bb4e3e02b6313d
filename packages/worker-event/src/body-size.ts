import type { ServerResponse } from 'node:http';
import { http } from './node-http.ts';

const size = Symbol('body size');

type Measured = ServerResponse & { [size]?: number };
type Chunk = string | Uint8Array | null | undefined | (() => void);

const { write, end } = http.ServerResponse.prototype;

/** Begins to count what the application writes to this response. The two functions are shared by all. */
export function measureBody(response: ServerResponse): void {
  (response as Measured)[size] = 0;
  response.write = measuredWrite as ServerResponse['write'];
  response.end = measuredEnd as ServerResponse['end'];
}

/** Bytes of the body that were sent, without head and chunk framing. */
export function bodySize(response: ServerResponse): number {
  const { statusCode, req } = response;
  const bodyless = req.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  return bodyless ? 0 : ((response as Measured)[size] ?? 0);
}

function measuredWrite(this: Measured, ...parameters: [Chunk, ...unknown[]]): boolean {
  add(this, parameters);
  return Reflect.apply(write, this, parameters) as boolean;
}

function measuredEnd(this: Measured, ...parameters: [Chunk, ...unknown[]]): Measured {
  add(this, parameters);
  return Reflect.apply(end, this, parameters) as Measured;
}

function add(response: Measured, [chunk, encoding]: readonly [Chunk, ...unknown[]]): void {
  if (typeof chunk === 'string') {
    const bytes = Buffer.byteLength(
      chunk,
      typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8',
    );
    response[size] = (response[size] ?? 0) + bytes;
  } else if (chunk instanceof Uint8Array) {
    response[size] = (response[size] ?? 0) + chunk.byteLength;
  }
}
