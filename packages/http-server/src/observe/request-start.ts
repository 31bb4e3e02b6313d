/** Longer waits are a clock that is wrong, or a time that is none. */
const LONGEST_MS = 3_600_000;

/** Below these numbers a time since 1970 is in seconds, milliseconds or microseconds; above the last in nanoseconds. */
const UNITS: readonly (readonly [below: number, perMs: number])[] = [
  [1e11, 1e-3],
  [1e14, 1],
  [1e17, 1e3],
  [Infinity, 1e6],
];

/**
 * How long ago a proxy says that it has got a request, in milliseconds: `X-Request-Start` as nginx (`t=1700000000.123`),
 * Apache (`t=1700000000123456`) and Heroku (`1700000000123`) write it. `undefined` for what cannot be a time. A clock that is
 * ahead of ours counts as now.
 * @param now milliseconds since 1970
 */
export function requestStartAge(value: string, now: number): number | undefined {
  const digits = /^\s*(?:t=)?(\d{9,20}(?:\.\d{1,9})?)\s*$/.exec(value)?.[1];
  if (digits === undefined) return undefined;
  const time = Number(digits);
  const [, perMs = 1] = UNITS.find(([below]) => time < below) ?? [];
  const age = now - time / perMs;
  return age > LONGEST_MS ? undefined : Math.max(0, age);
}
