import { FRAME, type Frame } from '../../test/http2-client.ts';
import { oneOf, pick, type Random } from '../random.ts';
import { settingsPayload, windowUpdate } from './frames.ts';

type Change = (frames: Frame[], random: Random) => Frame[];

const CHANGES: readonly Change[] = [
  function drop(frames, random) {
    return frames.toSpliced(pick(random, frames.length), 1);
  },
  function repeat(frames, random) {
    const at = pick(random, frames.length);
    return frames.toSpliced(at, 0, frames[at]!);
  },
  /** One frame without end, as far as that goes. */
  function flood(frames, random) {
    const at = pick(random, frames.length);
    const flooding = random() < 0.5 ? frames[at]! : stray(random);
    return frames.toSpliced(at, 0, ...Array.from({ length: pick(random, 1500) }, () => flooding));
  },
  /** Requests that are begun and given up at once. */
  function rapidReset(frames, random) {
    const block = frames.find(({ type }) => type === FRAME.headers);
    if (block === undefined) return frames;
    const pairs = Array.from({ length: pick(random, 300) }, (_, index): Frame[] => {
      const stream = 101 + 2 * index;
      return [
        { ...block, stream },
        { type: FRAME.reset, flags: 0, stream, payload: windowUpdate(pick(random, 14)) },
      ];
    });
    return [...frames, ...pairs.flat()];
  },
  function swap(frames, random) {
    const [one, other] = [pick(random, frames.length), pick(random, frames.length)];
    return frames.with(one, frames[other]!).with(other, frames[one]!);
  },
  function move(frames, random) {
    const at = pick(random, frames.length);
    return frames.toSpliced(at, 1).toSpliced(pick(random, frames.length), 0, frames[at]!);
  },
  function otherStream(frames, random) {
    return changed(frames, random, (each) => ({
      ...each,
      stream: oneOf(random, [0, 1, 2, 3, 5, 99, 2 ** 31 - 1]),
    }));
  },
  function otherFlags(frames, random) {
    return changed(frames, random, (each) => ({ ...each, flags: pick(random, 256) }));
  },
  function otherType(frames, random) {
    return changed(frames, random, (each) => ({ ...each, type: pick(random, 12) }));
  },
  function otherLength(frames, random) {
    return changed(frames, random, (each) => ({
      ...each,
      payload: Buffer.alloc(pick(random, 20_000), `${each.payload.toString('latin1')}x`, 'latin1'),
    }));
  },
  function otherBytes(frames, random) {
    return changed(frames, random, (each) => ({ ...each, payload: brokenBytes(each.payload, random) }));
  },
  function insert(frames, random) {
    return frames.toSpliced(pick(random, frames.length + 1), 0, stray(random));
  },
];

/** Other frames than the standard has at this place. */
export function brokenFrames(frames: readonly Frame[], random: Random): Frame[] {
  let result = [...frames];
  for (let changes = pick(random, 4); changes > 0 && result.length > 0; changes--) {
    result = oneOf(random, CHANGES)(result, random);
  }
  return result;
}

/** Frames may not be told from their payload any more. */
export function brokenBytes(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (let changes = 1 + pick(random, 3); changes > 0; changes--)
    copy[pick(random, copy.length)] = pick(random, 256);
  return random() < 0.3 ? copy.subarray(0, pick(random, copy.length)) : copy;
}

/** A frame that nobody waits for. */
function stray(random: Random): Frame {
  const frames: readonly Frame[] = [
    { type: FRAME.ping, flags: pick(random, 2), stream: 0, payload: Buffer.alloc(8) },
    { type: FRAME.settings, flags: pick(random, 2), stream: 0, payload: strangeSettings(random) },
    {
      type: FRAME.windowUpdate,
      flags: 0,
      stream: pick(random, 4),
      payload: windowUpdate(oneOf(random, [0, 1, 2 ** 31 - 1])),
    },
    { type: FRAME.reset, flags: 0, stream: pick(random, 8), payload: windowUpdate(pick(random, 14)) },
    { type: FRAME.goaway, flags: 0, stream: 0, payload: Buffer.alloc(8 + pick(random, 20)) },
    {
      type: FRAME.continuation,
      flags: pick(random, 8),
      stream: pick(random, 8),
      payload: Buffer.alloc(pick(random, 100)),
    },
    {
      type: FRAME.data,
      flags: pick(random, 16),
      stream: pick(random, 8),
      payload: Buffer.alloc(pick(random, 100)),
    },
    { type: 5, flags: 4, stream: 1, payload: Buffer.alloc(4 + pick(random, 20)) },
    {
      type: pick(random, 256),
      flags: pick(random, 256),
      stream: pick(random, 8),
      payload: Buffer.alloc(pick(random, 40)),
    },
  ];
  return oneOf(random, frames);
}

function strangeSettings(random: Random): Buffer {
  return settingsPayload(
    Array.from(
      { length: pick(random, 10) },
      () => [pick(random, 10), oneOf(random, [0, 1, 2, 16_384, 2 ** 31, 2 ** 32 - 1])] as const,
    ),
  );
}

function changed(frames: readonly Frame[], random: Random, change: (frame: Frame) => Frame): Frame[] {
  const at = pick(random, frames.length);
  return frames.with(at, change(frames[at]!));
}
