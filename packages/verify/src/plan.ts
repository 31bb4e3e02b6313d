import type { VerifyArguments } from './arguments.ts';
import type { RepeatedEvent } from './events/make.ts';
import type { Random } from './random.ts';

/** Each has several replacements in it. */
const ONCE: readonly RepeatedEvent[] = ['max-requests', 'memory-limit'];
/** They begin with a new arbiter, or end one. */
const LAST: readonly RepeatedEvent[] = ['upgrade', 'kill-arbiter'];
/** A hang is waited for: where that is long, it is shown once. Seconds. */
const LONG_TIMEOUT = 10;

/** Every event so often, in an order that the seed decides; those that exchange the arbiter last. */
export function plan(
  { only, times }: Pick<VerifyArguments, 'only' | 'times'>,
  random: Random,
  timeout: number,
): readonly RepeatedEvent[] {
  const wanted = only.filter((name): name is RepeatedEvent => name !== 'stop');
  const timesOf = (name: RepeatedEvent): number =>
    ONCE.includes(name) || (name === 'hang' && timeout > LONG_TIMEOUT) ? 1 : times;
  const repeated = (names: readonly RepeatedEvent[]): readonly RepeatedEvent[] =>
    random.shuffle(names.flatMap((name) => Array<RepeatedEvent>(timesOf(name)).fill(name)));
  return [
    ...repeated(wanted.filter((name) => !LAST.includes(name))),
    ...LAST.flatMap((last) => repeated(wanted.filter((name) => name === last))),
  ];
}
