/** How many tests, or other steps, ended which way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The line that a test run closes with: `12 passed, 0 failed, 1 skipped`. */
export function closingLine(tally: Tally): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

// AVA's TAP reporter (8.0.1) throws when a run times out and loses what came before, so its ordinary report is read.
// The summary names what passed only when nothing failed, so passes are counted where they are reported.
const PASSED = /^ {2}✔ (?!\[expected fail\])/gmu;
const SUMMARY: readonly (readonly [kind: 'failed' | 'skipped', line: RegExp])[] = [
  ['failed', /^ {2}(\d+) tests? failed$/gmu],
  ['failed', /^ {2}(\d+) hooks? failed$/gmu],
  ['failed', /^ {2}(\d+) uncaught exceptions?$/gmu],
  ['failed', /^ {2}(\d+) unhandled rejections?$/gmu],
  ['failed', /^ {2}(\d+) tests? remained pending/gmu],
  ['skipped', /^ {2}(\d+) tests? skipped$/gmu],
  ['skipped', /^ {2}(\d+) tests? todo$/gmu],
  ['skipped', /^ {2}(\d+) known failures?$/gmu],
];

/** A file that did not end, or whose tests did not. */
const STAYED = /^ {2}(?:Failed to exit when running|\d+ tests? (?:was|were) pending in) (.+)$/gmu;

/** No test's failure but the run's: it timed out, a file did not end. AVA exits with 0 when tests had passed before. */
const BROKEN_OFF = /^ {2}✘ (?!\[fail\])/mu;

/**
 * Counts what AVA reports. A run that failed without naming a failed test (a file without tests, a crash) counts as
 * one failure, and so does one that reports nothing at all.
 */
export function tallyOf(report: string, exitedWell: boolean): Tally {
  const count = { passed: report.match(PASSED)?.length ?? 0, failed: 0, skipped: 0 };
  for (const [kind, line] of SUMMARY) {
    for (const found of report.matchAll(line)) count[kind] += Number(found[1]);
  }
  count.failed += [...report.matchAll(STAYED)].length;
  const ranNothing = count.passed + count.failed + count.skipped === 0;
  if (count.failed === 0 && (!exitedWell || ranNothing || BROKEN_OFF.test(report))) count.failed = 1;
  return count;
}

const FAILED = /^ {2}✘ \[fail\]: (.+)$/gmu;

/** How many tests failed in which of the files of a run, as far as its report names them. */
export function failuresByFile(report: string, files: readonly string[]): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  for (const [, title = ''] of report.matchAll(FAILED)) {
    const file = files.length === 1 ? files[0] : files.find((path) => isTitleOf(title, path));
    if (file !== undefined) failures.set(file, (failures.get(file) ?? 0) + 1);
  }
  for (const [, file = ''] of report.matchAll(STAYED)) {
    if (files.includes(file)) failures.set(file, (failures.get(file) ?? 0) + 1);
  }
  return failures;
}

/** AVA writes the path before the title of a test, without the folders that all files of the run have in common. */
function isTitleOf(title: string, file: string): boolean {
  const parts = file.replace(/\.test\.ts$/u, '').split('/');
  const shared = parts.slice(0, -1).map((_, from) => parts.slice(from));
  return shared.some((rest) => title.startsWith(`${rest.join(' › ')} › `));
}
