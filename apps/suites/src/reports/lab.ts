import type { TestResult } from '../verdict.ts';

interface LabReport {
  readonly tests: Readonly<
    Record<string, readonly { readonly title: string; readonly err: string | false }[]>
  >;
}

/** What `lab -r json` has written. It does not say which tests were skipped: they count as passed. */
export function readLabReport(text: string): TestResult[] {
  const { tests } = JSON.parse(text) as LabReport;
  return Object.entries(tests).flatMap(([path, group]) =>
    group.map(({ title, err }) => ({
      title: `${path} ${title}`,
      verdict: err === false ? ('passed' as const) : ('failed' as const),
    })),
  );
}
