import { fileURLToPath } from 'node:url';
import { readLabReport } from './reports/lab.ts';
import { readLines } from './reports/lines.ts';
import { readVitestReport } from './reports/vitest.ts';
import type { TestResult } from './verdict.ts';

export type RunnerName = 'mocha' | 'node' | 'vitest' | 'lab' | 'programs';

/** What runs tests, and how it tells what came of them. */
export interface Runner {
  /** The package that it is; Node itself when it is none. */
  readonly package?: string;
  /** Makes it write to a file what became of each test; the file is in SUITES_REPORT too. */
  args(report: string): readonly string[];
  read(text: string, folder: string): TestResult[];
}

const fileBeside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const RUNNERS: Readonly<Record<RunnerName, Runner>> = {
  mocha: {
    package: 'mocha',
    // `--exit`: a server that a suite forgets would keep its process for ever.
    args: () => ['--exit', '--reporter', fileBeside('mocha-reporter.cts')],
    read: readLines,
  },
  node: {
    args: (report) => [
      '--test',
      '--test-timeout=30000',
      // What a failed test has left open would keep its file until it is ended.
      '--test-force-exit',
      '--test-concurrency=2',
      `--test-reporter=${fileBeside('node-test-reporter.ts')}`,
      `--test-reporter-destination=${report}`,
    ],
    read: readLines,
  },
  /** Files that pass with exit code 0. */
  programs: { args: () => [fileBeside('programs.ts')], read: readLines },
  lab: {
    package: '@hapi/lab',
    args: (report) => ['-r', 'json', '-o', report],
    read: readLabReport,
  },
  vitest: {
    package: 'vitest',
    args: (report) => ['run', '--reporter=json', `--outputFile=${report}`, '--coverage.enabled=false'],
    read: readVitestReport,
  },
};
