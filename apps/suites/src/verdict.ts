/** How a test ended. Those that somebody skipped are not told. */
export type Verdict = 'passed' | 'failed';

/** The verdict on each test, by its title; a title that came before gets a number. */
export type Verdicts = ReadonlyMap<string, Verdict>;

export interface TestResult {
  readonly title: string;
  readonly verdict: Verdict;
}

export function verdictsOf(results: readonly TestResult[]): Verdicts {
  const verdicts = new Map<string, Verdict>();
  const times = new Map<string, number>();
  for (const { title, verdict } of results) {
    const time = (times.get(title) ?? 0) + 1;
    times.set(title, time);
    verdicts.set(time === 1 ? title : `${title} (${time})`, verdict);
  }
  return verdicts;
}
