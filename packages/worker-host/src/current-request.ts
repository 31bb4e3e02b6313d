import type { CurrentRequest, RequestSummary } from '@gunicorn-ts/interface';

/** As in every summary. */
const MAX_TARGET = 200;

/** Reads which request the main thread waits for, since `ageMs` or longer; `undefined` when there is none. */
export function waitedFor(current: CurrentRequest | undefined, ageMs: number): RequestSummary | undefined {
  if (current === undefined || current.memory[0] === 0) return undefined;
  const { memory, lengthAt, textAt } = current;
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  const fields = bytes.toString('latin1', textAt, textAt + bytes.readUInt32BE(lengthAt)).split('\0');
  const value = (name: string): string => {
    const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
    return at === -1 ? '' : (fields[at + 1] ?? '');
  };
  const method = value('REQUEST_METHOD');
  if (method === '') return undefined;
  return { method, target: value('RAW_URI').slice(0, MAX_TARGET), peer: value('REMOTE_ADDR'), ageMs };
}
