import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runChild } from './children.ts';
import type { Installed } from './installation.ts';
import { RUNNERS } from './runners.ts';
import type { ServerUnderTest } from './server-under-test.ts';
import type { Suite } from './suite.ts';
import { type Verdicts, verdictsOf } from './verdict.ts';

export interface Run {
  readonly verdicts: Verdicts;
  /** How many servers of the engine it has made. */
  readonly engineServers: number;
  /** Why there is nothing more to tell, when it did not come to its end. */
  readonly trouble?: string;
}

const SUITE_MS = 540_000;

/** Runs a suite once, as it is. */
export async function runSuite(suite: Suite, { folder }: Installed, server: ServerUnderTest): Promise<Run> {
  const results = await mkdtemp(join(tmpdir(), 'suites-'));
  const report = join(results, 'report');
  const witness = join(results, 'witness');
  const { package: name, args, read } = RUNNERS[suite.runner];
  const program = name === undefined ? [] : [programOf(name, folder)];
  try {
    const { code, output } = await runChild([process.execPath, ...program, ...args(report), ...suite.args], {
      cwd: folder,
      env: { ...suite.env, ...server.env(witness), SUITES_REPORT: report },
      within: SUITE_MS,
    });
    const verdicts = existsSync(report) ? verdictsOf(read(readFileSync(report, 'utf8'), folder)) : new Map();
    return {
      verdicts,
      engineServers: existsSync(witness) ? sum(readFileSync(witness, 'utf8')) : 0,
      ...(code === undefined ? { trouble: `ended after ${SUITE_MS / 1000} s` } : {}),
      ...(verdicts.size === 0 ? { trouble: output.trim() || `exit code ${code}` } : {}),
    };
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

/** The program of a package, which may also be installed in a folder above: where a workspace has it. */
function programOf(name: string, folder: string): string {
  const place = join(folder, 'node_modules', name);
  if (!existsSync(place) && folder !== dirname(folder)) return programOf(name, dirname(folder));
  const { bin } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  // A package with a scope names its program without.
  return join(place, typeof bin === 'string' ? bin : (bin[name] ?? bin[name.slice(name.indexOf('/') + 1)]!));
}

function sum(text: string): number {
  return text.split('\n').reduce((total, line) => total + Number(line), 0);
}
