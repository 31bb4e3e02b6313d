import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ACK, END_STREAM, FRAME, type Frame, frame } from '../../test/http2-client.ts';
import type { Conversation } from './conversation.ts';
import { PADDED, windowUpdate } from './frames.ts';

/** How long a client waits for a server that says nothing. */
const PATIENCE_MS = 30_000;
/** The same of one whose bytes may promise more than there is: a server waits for that, and rightly. */
const IMPATIENCE_MS = 100;

/** What was heard of one stream. */
export interface StreamAnswer {
  /** The first byte of its final head: a status of the table of HPACK, which both servers write in the same way. */
  head: number | undefined;
  bytes: number;
  end: 'end' | 'reset' | 'none';
}

export interface Heard {
  readonly streams: ReadonlyMap<number, StreamAnswer>;
  /** Why it is no HTTP/2. */
  readonly fault: string | undefined;
  /** Every frame, for whoever has to find out: type, flags, stream, and the payload of short ones. */
  readonly frames: readonly string[];
}

/** How long a whole conversation may take. */
const LONGEST_MS = 90_000;
const HTTP1 = 'HTTP/1.1 ';
const HEADER_BYTES = 9;
const MOST_PAYLOAD = 16_384;
/** Frames that are kept for a report. */
const MOST_FRAMES = 200;

/** Plays a client; `undefined` when it left before it was answered. */
export async function hear(port: number, conversation: Conversation): Promise<Heard | undefined> {
  const { pieces, leaves, isProper } = conversation;
  const socket = connect({ port, host: '127.0.0.1' });
  const ear = new Ear(socket, conversation);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.setTimeout(isProper ? PATIENCE_MS : IMPATIENCE_MS, () => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  for (const piece of pieces) {
    if (!socket.writable) break;
    socket.write(piece);
    await nextTurn();
  }
  // Node never closes a socket that is reset while it ends.
  if (leaves === undefined) ear.mayTalk();
  else if (leaves === 'reset') socket.resetAndDestroy();
  else socket.end();
  const clock = setTimeout(() => {
    ear.fault = `its connection goes on without end: ${ear.frames.slice(-5).join(', ')}`;
    socket.destroy();
  }, LONGEST_MS);
  await closed;
  clearTimeout(clock);
  if (ear.fault !== undefined) return ear;
  return leaves === undefined ? ear : undefined;
}

/** Listens to a server, grants it room to go on, and leaves when all streams of a proper conversation are over. */
class Ear implements Heard {
  readonly streams = new Map<number, StreamAnswer>();
  readonly frames: string[] = [];
  fault: string | undefined;
  readonly #socket: Socket;
  readonly #awaited: Set<number>;
  #rest: Buffer = Buffer.alloc(0);
  /** What it has to say, as long as the conversation may be in the middle of a frame. */
  #unsaid: Buffer[] | undefined = [];

  constructor(socket: Socket, { streams, isProper }: Conversation) {
    this.#socket = socket;
    this.#awaited = new Set(
      isProper ? streams.filter(({ isReset }) => !isReset).map(({ stream }) => stream) : [NaN],
    );
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** The conversation is through. */
  mayTalk(): void {
    const unsaid = this.#unsaid ?? [];
    this.#unsaid = undefined;
    for (const bytes of unsaid) this.#say(bytes);
    if (this.#awaited.size === 0) this.#socket.end();
  }

  #take(chunk: Buffer): void {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    // A preface that is broken is no HTTP/2, and is answered in what else the port speaks.
    if (this.frames.length === 0 && rest.toString('latin1', 0, HTTP1.length) === HTTP1) return;
    while (rest.length >= HEADER_BYTES && this.fault === undefined) {
      const length = rest.readUIntBE(0, 3);
      if (length > MOST_PAYLOAD) this.fault = `a frame of ${length} bytes`;
      if (rest.length < HEADER_BYTES + length) break;
      const payload = rest.subarray(HEADER_BYTES, HEADER_BYTES + length);
      this.#onFrame({ type: rest[3]!, flags: rest[4]!, stream: rest.readUInt32BE(5), payload });
      rest = rest.subarray(HEADER_BYTES + length);
    }
    this.#rest = rest;
    if (this.#awaited.size === 0 && this.#unsaid === undefined) this.#socket.end();
  }

  #onFrame({ type, flags, stream, payload }: Frame): void {
    if (this.frames.length < MOST_FRAMES) this.frames.push(`${type}/${flags}/${stream}: ${shown(payload)}`);
    if (type === FRAME.settings && (flags & ACK) === 0) this.#say(frame(FRAME.settings, { flags: ACK }));
    if (type === FRAME.reset) this.#over(stream, 'reset');
    if (type !== FRAME.headers && type !== FRAME.data) return;
    const answer = this.#answer(stream);
    if (answer.end === 'end') this.fault = `a frame of stream ${stream} behind its end`;
    if (type === FRAME.headers) {
      answer.head ??= firstField(payload);
    } else if (payload.length > 0) {
      if ((flags & PADDED) !== 0) this.fault = 'padded';
      answer.bytes += payload.length;
      const room = { payload: windowUpdate(payload.length) };
      this.#say(
        Buffer.concat([frame(FRAME.windowUpdate, room), frame(FRAME.windowUpdate, { ...room, stream })]),
      );
    }
    if ((flags & END_STREAM) !== 0) this.#over(stream, 'end');
  }

  #answer(stream: number): StreamAnswer {
    let answer = this.streams.get(stream);
    if (answer === undefined) this.streams.set(stream, (answer = { head: undefined, bytes: 0, end: 'none' }));
    return answer;
  }

  #over(stream: number, end: 'end' | 'reset'): void {
    const answer = this.#answer(stream);
    // What is left of a request that was answered is not wanted (RFC 9113 §8.1).
    if (answer.end === 'none') answer.end = end;
    this.#awaited.delete(stream);
  }

  #say(bytes: Buffer): void {
    if (this.#unsaid !== undefined) this.#unsaid.push(bytes);
    else if (this.#socket.writable) this.#socket.write(bytes);
  }
}

/** RFC 7541 §6.3: changes of the table's size stand in front, each a number with a prefix of five bits. */
function firstField(block: Buffer): number | undefined {
  let at = 0;
  while ((block[at]! & 0xe0) === 0x20) {
    if ((block[at++]! & 0x1f) < 0x1f) continue;
    while ((block[at++]! & 0x80) !== 0);
  }
  return block[at];
}

function shown(payload: Buffer): string {
  return payload.length <= 32 ? payload.toString('hex') : `${payload.length} bytes`;
}
