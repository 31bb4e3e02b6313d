import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { count, type Difference, differences } from './comparison.ts';
import type { Run } from './run.ts';
import { SERVERS, type ServerUnderTest } from './server-under-test.ts';

type ServerName = ServerUnderTest['name'];
export type RunsByServer = Readonly<Record<ServerName, readonly Run[]>>;

/** What came of a suite on one of the servers. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Passed in one round, and failed in another. */
  readonly unsteady: number;
  readonly engineServers: number;
  readonly trouble?: string;
  /** Against Node's own server. */
  readonly differences: readonly Difference[];
}

/** What came of a suite, as it is kept. */
export interface SuiteRecord {
  readonly suite: string;
  readonly version: string;
  readonly commit: string;
  readonly date: string;
  readonly nodeVersion: string;
  readonly tallies: Readonly<Record<ServerName, Tally>>;
}

export function tally(runs: readonly Run[], node: readonly Run[]): Tally {
  const verdicts = runs.map((run) => run.verdicts);
  const trouble = runs.find((run) => run.trouble !== undefined)?.trouble;
  return {
    passed: count(verdicts, 'passed'),
    failed: count(verdicts, 'failed'),
    unsteady: count(verdicts, 'unsteady'),
    engineServers: Math.max(...runs.map((run) => run.engineServers)),
    ...(trouble === undefined ? {} : { trouble }),
    differences: differences(
      node.map((run) => run.verdicts),
      verdicts,
    ),
  };
}

export function talliesOf(runs: RunsByServer): SuiteRecord['tallies'] {
  const entries = SERVERS.map(({ name }) => [name, tally(runs[name], runs.node)]);
  return Object.fromEntries(entries) as SuiteRecord['tallies'];
}

/** Written after each suite, so that an interrupted run keeps what it has. */
export function keepRecord(record: SuiteRecord, folder: string): void {
  const path = fileOf(record.suite, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** `undefined` for a suite that has not been run. */
export function readRecord(suite: string, folder: string): SuiteRecord | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(suite, folder), 'utf8')) as SuiteRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function fileOf(suite: string, folder: string): string {
  return join(folder, `${suite}.json`);
}
