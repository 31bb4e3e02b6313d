import { StrayFrameError } from './errors.ts';

/** Bytes of a prefix: the type, the number of the request, and the length of the payload. */
export const PREFIX_BYTES = 9;

/** Where in a prefix the number of the request stands. */
export const REQUEST_AT = 1;

/** Where in a prefix the length stands. */
export const LENGTH_AT = 5;

/** Frames that must be whole to be understood are never longer. */
export const MAX_WHOLE: number = 1024 * 1024;

/** No piece of a body is longer: the process sends files by 4 MiB, and data by 1 MiB. */
export const MAX_DATA: number = 4 * 1024 * 1024;

/** Names the frames that belong to no request. */
export const NO_REQUEST = 0;

/** The types of frames, as the first byte of each. */
export const FRAME = {
  request: 0x51,
  requestWithBody: 0x42,
  data: 0x44,
  end: 0x45,
  abort: 0x41,
  whole: 0x52,
  head: 0x48,
  hints: 0x49,
  failed: 0x58,
  log: 0x4c,
} as const;

const DATA = 'D';

/** One frame to be written. */
export function frame(type: string, request: number, payload: Uint8Array | string = ''): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload, 'latin1') : payload.byteLength;
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + length);
  writePrefix(bytes, type, request, length);
  if (typeof payload === 'string') bytes.write(payload, PREFIX_BYTES, 'latin1');
  else bytes.set(payload, PREFIX_BYTES);
  return bytes;
}

/** What stands in front of a payload of this length. */
export function prefix(type: string, request: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES);
  writePrefix(bytes, type, request, length);
  return bytes;
}

/** What a wire has read, to keep: the place where it lies is read into again. */
export function arrived(bytes: Uint8Array, length: number): Buffer {
  return Buffer.from(bytes.subarray(0, length));
}

/** Writes type, request and length to where a frame begins. */
export function writePrefix(into: Buffer, type: string, request: number, length: number): void {
  into[0] = type.charCodeAt(0);
  into.writeUInt32BE(request, REQUEST_AT);
  into.writeUInt32BE(length, LENGTH_AT);
}

/** What is done with a frame; data comes in several calls. */
export type OnFrame = (type: string, payload: Buffer, request: number) => void;

/** Takes frames out of a stream of bytes. Data is given as it arrives; all other payloads are given whole. */
export class FrameReader {
  readonly #onFrame: OnFrame;
  #rest: Buffer = Buffer.alloc(0);
  #dataLeft = 0;
  #dataRequest = NO_REQUEST;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** @throws {StrayFrameError} for a frame longer than any that the child sends */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length > 0) {
      if (this.#dataLeft > 0) {
        const part = bytes.subarray(0, this.#dataLeft);
        this.#dataLeft -= part.length;
        bytes = bytes.subarray(part.length);
        this.#onFrame(DATA, part, this.#dataRequest);
        continue;
      }
      if (bytes.length < PREFIX_BYTES) break;
      const type = String.fromCharCode(bytes[0] ?? 0);
      const request = bytes.readUInt32BE(REQUEST_AT);
      const length = bytes.readUInt32BE(LENGTH_AT);
      if (length > (type === DATA ? MAX_DATA : MAX_WHOLE)) throw tooLong(type, length);
      if (type === DATA) {
        this.#dataLeft = length;
        this.#dataRequest = request;
        bytes = bytes.subarray(PREFIX_BYTES);
        continue;
      }
      if (bytes.length < PREFIX_BYTES + length) break;
      const payload = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
      bytes = bytes.subarray(PREFIX_BYTES + length);
      this.#onFrame(type, payload, request);
    }
    this.#rest = bytes;
  }
}

/** A length that no frame has: what came is something else. */
export function tooLong(type: string, length: number): StrayFrameError {
  return new StrayFrameError(`a frame ${JSON.stringify(type)} of ${length} bytes, longer than any`);
}

/** A frame of another request than the one on the lane, or while there is none. */
export function strayFrame(type: number, request: number, current: number | undefined): StrayFrameError {
  const meanwhile = current === undefined ? 'the lane had no request' : `request ${current} was on the lane`;
  return new StrayFrameError(
    `a frame ${JSON.stringify(String.fromCharCode(type))} of request ${request} while ${meanwhile}`,
  );
}

/** A frame that the response has no place for, by what came before it. */
export function misplacedFrame(type: string): StrayFrameError {
  return new StrayFrameError(`a frame ${JSON.stringify(type)} where none belongs`);
}

/** Where the body begins in a whole response. */
export function bodyStart(payload: Buffer): number {
  const start = payload.length < 4 ? Infinity : 4 + payload.readUInt32BE(0);
  if (start > payload.length) throw new StrayFrameError('a response that is shorter than its head');
  return start;
}

/** Status and headers of a response head, or the pairs of early hints. */
export function readFields(payload: Buffer): string[] {
  return payload.toString('latin1').split('\0');
}

/** Names and values that follow each other, as pairs; from a place on. */
export function pairs(fields: readonly string[], from: number): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let index = from; index + 1 < fields.length; index += 2)
    found.push([fields[index]!, fields[index + 1]!]);
  return found;
}
