/** Why a test ends otherwise on the engine, where that is on purpose. */
export interface Explanation {
  readonly suite: string;
  /** What its title contains. */
  readonly title: string;
  readonly reason: string;
}

export const EXPLANATIONS: readonly Explanation[] = [];

export function explain(suite: string, title: string): string | undefined {
  return EXPLANATIONS.find((one) => one.suite === suite && title.includes(one.title))?.reason;
}
