import { type ConnectionInfo, type HttpRules, RequestParser } from '../../src/index.ts';

/** What a parser made of some bytes, as plain data. */
export interface Transcript {
  readonly requests: Record<string, unknown>[];
  proxy: unknown;
  error: { status: number; code: string } | undefined;
  /** Whether the parser said `closed`. */
  closed: boolean;
}

/** What all pieces lie in, one after the other. */
let lent = Buffer.alloc(64 * 1024);

/** Feeds pieces to a parser, one after the other, and writes down what comes out. */
export function transcribe(
  pieces: Iterable<Uint8Array>,
  rules: HttpRules,
  connection: ConnectionInfo,
): Transcript {
  const parser = new RequestParser(rules, connection);
  const transcript: Transcript = { requests: [], proxy: undefined, error: undefined, closed: false };
  for (const piece of pieces) {
    // The piece is overwritten afterwards, as a worker's receive buffer is: the parser must have copied what it needs.
    if (lent.length < piece.length) lent = Buffer.alloc(piece.length);
    lent.set(piece);
    parser.push(lent, piece.length);
    drain(parser, transcript, piece.length);
    lent.fill(0x58, 0, piece.length);
  }
  parser.finish();
  transcript.proxy = parser.proxy;
  transcript.error = parser.error && { status: parser.error.status, code: parser.error.code };
  return transcript;
}

function drain(parser: RequestParser, transcript: Transcript, size: number): void {
  // Each event but the last uses up a byte or ends a request, which used up bytes: more is a parser that turns in place.
  for (let steps = 0; steps < 3 * size + 16; steps++) {
    const current = transcript.requests.at(-1);
    switch (parser.next()) {
      case 'head':
        transcript.requests.push(describe(parser));
        break;
      case 'body':
        current!['body'] = (current!['body'] as string) + Buffer.from(parser.chunk).toString('latin1');
        break;
      case 'end':
        current!['complete'] = true;
        current!['trailers'] = parser.trailers.entries();
        break;
      case 'closed':
        transcript.closed = true;
        return;
      case 'more':
      case 'error':
        return;
    }
  }
  throw new Error('the parser gives events without end');
}

function describe(parser: RequestParser): Record<string, unknown> {
  const { head } = parser;
  if (head === undefined) throw new Error('an event "head" without a head');
  return {
    method: head.method,
    target: head.target,
    parsedTarget: head.parseTarget(),
    protocol: head.protocol,
    host: head.host,
    headers: head.fields.entries(),
    framing: head.framing,
    keepAlive: head.keepAlive,
    scheme: head.scheme,
    forwarded: head.forwarded,
    wantsUpgrade: head.wantsUpgrade,
    expectsContinue: head.expectsContinue,
    body: '',
    trailers: [],
    complete: false,
  };
}

/** The bytes one by one. */
export function* singly(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** The bytes in pieces of random length. */
export function* randomly(bytes: Uint8Array, random: () => number): Generator<Uint8Array> {
  const longest = 1 + Math.floor(random() * 64);
  for (let at = 0, length = 0; at < bytes.length; at += length) {
    length = 1 + Math.floor(random() * longest);
    yield bytes.subarray(at, at + length);
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
