import { relative } from 'node:path';
import type { TestResult } from '../verdict.ts';

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What `vitest --reporter=json` has written. A file that could not be run counts as a test that failed. */
export function readVitestReport(text: string, folder: string): TestResult[] {
  const { testResults } = JSON.parse(text) as VitestReport;
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(folder, name);
    if (assertionResults.length === 0 && status === 'failed')
      return [{ title: file, verdict: 'failed' as const }];
    return assertionResults.flatMap((test) =>
      test.status === 'passed' || test.status === 'failed'
        ? [{ title: `${file}: ${test.fullName}`, verdict: test.status as 'passed' | 'failed' }]
        : [],
    );
  });
}
