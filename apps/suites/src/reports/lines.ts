import { relative } from 'node:path';
import type { TestResult, Verdict } from '../verdict.ts';

interface Line {
  readonly file: string;
  readonly path: readonly string[];
  readonly verdict: Verdict | 'skipped';
}

/** What the reporters of this package have written. */
export function readLines(text: string, folder: string): TestResult[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ file, path, verdict }) =>
      verdict === 'skipped' ? [] : [{ title: `${relative(folder, file)}: ${path.join(' ')}`, verdict }],
    );
}
