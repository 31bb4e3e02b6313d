import type { ServerResponse } from 'node:http';
import { countSent, sentBody } from '@gunicorn-ts/transport';
import { http } from './node-http.ts';
import { pastAnswer } from './past-answer.ts';

const size = Symbol('body size');
const before = Symbol('bytes that the connection had sent before');

type Measured = ServerResponse & { [size]?: number; [before]?: number };
type Chunk = string | Uint8Array | null | undefined | (() => void);

const { write, end } = http.ServerResponse.prototype;

/** Begins to count what the application writes to this response. The two functions are shared by all. */
export function measureBody(response: ServerResponse): void {
  const { socket } = response.req;
  countSent(socket);
  (response as Measured)[before] = socket.bytesWritten;
  (response as Measured)[size] = 0;
  response.write = measuredWrite as ServerResponse['write'];
  response.end = measuredEnd as ServerResponse['end'];
}

/** Bytes of the body that were sent, without head and chunk framing. */
export function bodySize(response: ServerResponse): number {
  const { statusCode, req } = response;
  const past = pastAnswer(response);
  if (req.method === 'HEAD') return 0;
  if (past !== undefined) return past.bytes;
  const measured: Measured = response;
  if (statusCode === 204 || statusCode === 304) return 0;
  return sentBody(response, measured[size] ?? 0, measured[before]);
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
