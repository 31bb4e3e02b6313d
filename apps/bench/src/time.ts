import type { Context } from './scenario.ts';

/** How long everything may take when nobody says more: minutes. */
export const MINUTES = 40;

/** A run with fewer rounds of each group than these has no median to speak of, and takes its time whatever is left. */
export const LEAST_ROUNDS = 3;

/**
 * The part of what is left that the next one may take, by what it and those after it would take: who ends early
 * leaves more to the others.
 * @param left milliseconds
 * @param wanted what each that is left would like, the next one first; in any unit
 */
export function shareOf(left: number, wanted: readonly number[]): number {
  const [next = 0] = wanted;
  const all = wanted.reduce((sum, one) => sum + one, 0);
  return all === 0 ? 0 : Math.max(0, left) * (next / all);
}

/** The next of so many races that a scenario consists of, with its share of the scenario's time. */
export function partOf(context: Context, wanted: readonly number[]): Context {
  const now = performance.now();
  return { ...context, until: now + shareOf(context.until - now, wanted) };
}

/** Each of these with an even share of what is left when its turn comes. */
export function* evenly<T>(
  context: Context,
  all: readonly T[],
): Generator<readonly [one: T, own: Context, index: number]> {
  for (const [index, one] of all.entries()) {
    const wanted = all.slice(index).map(() => 1);
    yield [one, partOf(context, wanted), index];
  }
}

/** @param done rounds that were run; @param least rounds that are run in any case */
export function timeIsUp({ until }: Pick<Context, 'until'>, done: number, least: number): boolean {
  return done >= least && performance.now() >= until;
}
