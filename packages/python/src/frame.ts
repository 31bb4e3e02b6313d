/** Bytes of a prefix: the type, and the length of the payload. */
export const PREFIX_BYTES = 5;

/** Frames that must be whole to be understood are never longer. */
const MAX_WHOLE = 16 * 1024 * 1024;

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
export function frame(type: string, payload: Uint8Array | string = ''): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload, 'latin1') : payload.byteLength;
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + length);
  writePrefix(bytes, type, length);
  if (typeof payload === 'string') bytes.write(payload, PREFIX_BYTES, 'latin1');
  else bytes.set(payload, PREFIX_BYTES);
  return bytes;
}

/** Writes type and length to where a frame begins. */
export function writePrefix(into: Buffer, type: string, length: number): void {
  into.write(type, 0, 1, 'latin1');
  into.writeUInt32BE(length, 1);
}

/** Takes frames out of a stream of bytes. Data is given as it arrives; all other payloads are given whole. */
export class FrameReader {
  readonly #onFrame: (type: string, payload: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #dataLeft = 0;

  constructor(onFrame: (type: string, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws {Error} for a frame longer than any that the child sends */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length > 0) {
      if (this.#dataLeft > 0) {
        const part = bytes.subarray(0, this.#dataLeft);
        this.#dataLeft -= part.length;
        bytes = bytes.subarray(part.length);
        this.#onFrame(DATA, part);
        continue;
      }
      if (bytes.length < PREFIX_BYTES) break;
      const type = String.fromCharCode(bytes[0] ?? 0);
      const length = bytes.readUInt32BE(1);
      if (type === DATA) {
        this.#dataLeft = length;
        bytes = bytes.subarray(PREFIX_BYTES);
        continue;
      }
      if (length > MAX_WHOLE)
        throw new Error(`a frame ${type} of ${length} bytes came from the Python process`);
      if (bytes.length < PREFIX_BYTES + length) break;
      const payload = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
      bytes = bytes.subarray(PREFIX_BYTES + length);
      this.#onFrame(type, payload);
    }
    this.#rest = bytes;
  }
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
