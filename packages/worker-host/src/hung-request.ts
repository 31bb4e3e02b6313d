import type { AccessRecord } from '@gunicorn-ts/interface';
import type { HungAnswer } from './hung-client.ts';

/** Enough for the longest usual head; what is beyond is missing in the line. */
const MOST_BYTES = 16 * 1024;
const PREFIX_BYTES = 4;

/** Memory for `WorkerContext.currentRequest`, with no request in it. */
export function emptyRequest(): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(PREFIX_BYTES + MOST_BYTES));
}

/** What is known of the request that was answered. `undefined` when the worker class has written nothing. */
export function hungRecord(
  memory: Uint8Array,
  { status, bytes }: HungAnswer,
  nowMs: number,
): AccessRecord | undefined {
  const shared = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  const length = Math.min(shared.readUInt32LE(0), memory.byteLength - PREFIX_BYTES);
  if (length === 0) return undefined;
  const text = shared.toString('latin1', PREFIX_BYTES, PREFIX_BYTES + length);
  const [beganMs, remoteAddress = '', method = '', target = '', protocol = '', ...fields] = text.split('\n');
  return {
    remoteAddress,
    method,
    target,
    protocol,
    status,
    bytes,
    durationMs: Math.max(0, nowMs - Number(beganMs)),
    requestHeader: (name) => valueOf(fields, name),
    responseHeader: () => undefined,
  };
}

function valueOf(fields: readonly string[], name: string): string | undefined {
  const wanted = `${name.toLowerCase()}:`;
  const found = fields.filter((line) => line.slice(0, wanted.length).toLowerCase() === wanted);
  return found.length === 0 ? undefined : found.map((line) => line.slice(wanted.length).trim()).join(', ');
}
