/** Seconds until the next of events that come independently of each other, `rate` a second. */
export function untilNext(random: () => number, rate: number): number {
  return -Math.log(1 - random()) / rate;
}
