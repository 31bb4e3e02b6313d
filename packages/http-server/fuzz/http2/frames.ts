import { END_HEADERS, END_STREAM, FRAME, type Frame } from '../../test/http2-client.ts';
import { oneOf, pick, type Random } from '../random.ts';

/** Flags and types that the tests do not need (RFC 9113 §6). */
export const PADDED = 8;
const PRIORITY = 0x20;
export const PRIORITY_TYPE = 2;

/** Fields of a request or of trailers, in HPACK (RFC 7541 §6.2.2): each spelled out, with a name of the static table. */
export function headerBlock(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [nameOf(name), text(value)]));
}

const STATIC: Readonly<Record<string, number>> = { ':authority': 1, ':method': 2, ':path': 4, ':scheme': 6 };

function nameOf(name: string): Buffer {
  const index = STATIC[name];
  return index === undefined ? Buffer.concat([Buffer.of(0), text(name)]) : Buffer.of(index);
}

function text(value: string): Buffer {
  return Buffer.concat([integer(value.length), Buffer.from(value, 'latin1')]);
}

/** RFC 7541 §5.1, with a prefix of seven bits. */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.of(value);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A header block as one frame or several, padded or with a priority now and then. */
export function headerFrames(block: Buffer, stream: number, ends: boolean, random: Random): Frame[] {
  const flags = ends ? END_STREAM : 0;
  const pieces = random() < 0.2 ? inPieces(block, random) : [block];
  return pieces.map((piece, index) => {
    const last = index === pieces.length - 1 ? END_HEADERS : 0;
    if (index > 0) return { type: FRAME.continuation, flags: last, stream, payload: piece };
    if (random() < 0.1) {
      const priority = Buffer.concat([Buffer.of(0, 0, 0, 0, pick(random, 256)), piece]);
      return { type: FRAME.headers, flags: flags | last | PRIORITY, stream, payload: priority };
    }
    return padded({ type: FRAME.headers, flags: flags | last, stream, payload: piece }, random);
  });
}

/** The body of a request. */
export function dataFrames(body: Buffer, stream: number, ends: boolean, random: Random): Frame[] {
  const pieces = random() < 0.5 ? inPieces(body, random) : [body];
  return pieces.map((payload, index) => {
    const flags = ends && index === pieces.length - 1 ? END_STREAM : 0;
    return padded({ type: FRAME.data, flags, stream, payload }, random);
  });
}

/** What a client may say between all that without any effect on an answer. */
export function idleFrame(stream: number, random: Random): Frame {
  const chatter: readonly Frame[] = [
    { type: FRAME.ping, flags: 0, stream: 0, payload: Buffer.alloc(8, pick(random, 256)) },
    { type: PRIORITY_TYPE, flags: 0, stream, payload: Buffer.of(0, 0, 0, 0, pick(random, 256)) },
    { type: FRAME.windowUpdate, flags: 0, stream: 0, payload: windowUpdate(1 + pick(random, 1000)) },
    { type: FRAME.settings, flags: 0, stream: 0, payload: Buffer.alloc(0) },
    {
      type: 0x20 + pick(random, 64),
      flags: pick(random, 256),
      stream: 0,
      payload: Buffer.alloc(pick(random, 30)),
    },
  ];
  return oneOf(random, chatter);
}

export function windowUpdate(bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return payload;
}

/** Six bytes a setting: its number and its value. */
export function settingsPayload(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  }
  return payload;
}

function padded(frame: Frame, random: Random): Frame {
  if (random() < 0.85) return frame;
  const padding = pick(random, 20);
  const payload = Buffer.concat([Buffer.of(padding), frame.payload, Buffer.alloc(padding)]);
  return { ...frame, flags: frame.flags | PADDED, payload };
}

function inPieces(bytes: Buffer, random: Random): Buffer[] {
  const at = pick(random, bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
