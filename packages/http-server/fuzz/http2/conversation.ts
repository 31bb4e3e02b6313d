import { FRAME, type Frame, frame } from '../../test/http2-client.ts';
import { BEHAVIOURS } from '../behaviour.ts';
import { cut, oneOf, pick, type Random } from '../random.ts';
import { dataFrames, headerBlock, headerFrames, idleFrame, settingsPayload, windowUpdate } from './frames.ts';
import { brokenBytes, brokenFrames } from './mutation.ts';

export interface StreamWish {
  readonly stream: number;
  readonly path: string;
  /** The client gives it up before it is answered. */
  readonly isReset: boolean;
}

/** What a client does on one connection. */
export interface Conversation {
  readonly pieces: readonly Buffer[];
  readonly streams: readonly StreamWish[];
  /** How it leaves before it was answered; `undefined` when it waits for the answers. */
  readonly leaves: 'end' | 'reset' | undefined;
  /** Whether its bytes are HTTP/2 as it should be: then every server has to say the same. */
  readonly isProper: boolean;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const CANCEL = 8;
/** What a server may be sent without its leave, on all streams together (RFC 9113 §6.9.2). */
const MOST_BODIES = 60_000;
const HEADER_TABLE_SIZE = 1;
const INITIAL_WINDOW_SIZE = 4;

/** A client of a random mind: a few streams side by side, in random cuts, some of which are broken, or broken off. */
export function converse(random: Random): Conversation {
  const isProper = random() < 0.6;
  const count = 1 + pick(random, 5);
  const requests = Array.from({ length: count }, (_, index) =>
    request(2 * index + 1, MOST_BODIES / count, random),
  );
  const frames = [
    settings(random),
    ...interleaved(
      requests.map(({ frames }) => [...frames]),
      random,
    ),
  ];
  const said = isProper ? frames : brokenFrames(frames, random);
  const bytes = Buffer.concat([PREFACE, ...said.map((each) => frame(each.type, each))]);
  const text = isProper || random() < 0.5 ? bytes : brokenBytes(bytes, random);
  const leaves = random() < 0.3 ? oneOf(random, ['reset', 'end'] as const) : undefined;
  const sent = leaves === undefined ? text : text.subarray(0, pick(random, text.length + 1));
  return { pieces: cut(sent, random), streams: requests.map(({ wish }) => wish), leaves, isProper };
}

/** A header block must not be interrupted: what belongs together stays so. */
type Unit = readonly Frame[];

function request(
  stream: number,
  room: number,
  random: Random,
): { frames: readonly Unit[]; wish: StreamWish } {
  const path = `/${oneOf(random, BEHAVIOURS)}/${pick(random, 4)}/${pick(random, 2000)}`;
  const method = random() < 0.5 ? 'GET' : random() < 0.8 ? 'POST' : 'HEAD';
  const hasBody = method === 'POST';
  const fields: [string, string][] = [
    [':method', method],
    [':scheme', 'http'],
    [':authority', 'x'],
    [':path', path],
    ...Array.from({ length: pick(random, 4) }, (_, index): [string, string] => [
      `x-${index}`,
      'v'.repeat(pick(random, 300)),
    ]),
  ];
  const hasTrailers = hasBody && random() < 0.2;
  const body = Buffer.alloc(pick(random, random() < 0.1 ? room : 300), 'b');
  const isReset = random() < 0.1;
  const frames: Unit[] = [
    headerFrames(headerBlock(fields), stream, !hasBody, random),
    ...(hasBody ? dataFrames(body, stream, !hasTrailers, random).map((each) => [each]) : []),
    ...(hasTrailers ? [headerFrames(headerBlock([['x-trailer', 'v']]), stream, true, random)] : []),
    ...(random() < 0.3 ? [[idleFrame(stream, random)]] : []),
    ...(isReset ? [[reset(stream)]] : []),
  ];
  return { frames, wish: { stream, path, isReset } };
}

function settings(random: Random): Frame {
  const payload = settingsPayload([
    ...(random() < 0.3 ? [[HEADER_TABLE_SIZE, oneOf(random, [0, 100, 4096])] as const] : []),
    ...(random() < 0.3 ? [[INITIAL_WINDOW_SIZE, oneOf(random, [2000, 65_535, 2 ** 20])] as const] : []),
  ]);
  return { type: FRAME.settings, flags: 0, stream: 0, payload };
}

function reset(stream: number): Frame {
  return { type: FRAME.reset, flags: 0, stream, payload: windowUpdate(CANCEL) };
}

/** Streams begin in order, and each keeps its own; everything else is chance. */
function interleaved(streams: Unit[][], random: Random): Frame[] {
  const frames: Frame[] = [];
  const begun: Unit[][] = [];
  const waiting = [...streams];
  while (waiting.length > 0 || begun.some((units) => units.length > 0)) {
    const open = begun.filter((units) => units.length > 0);
    const next = waiting.length > 0 && (open.length === 0 || random() < 0.4);
    if (next) begun.push(waiting.shift()!);
    const units = next ? begun.at(-1)! : oneOf(random, open);
    frames.push(...units.shift()!);
  }
  return frames;
}
