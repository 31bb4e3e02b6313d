import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, runCommand } from './command.ts';
import { bundleTestRunner } from './test-runner.ts';
import { add, failuresByFile, NOTHING, tallyOf, type Tally } from './tally.ts';
import { ROOT } from './workspace.ts';

export type SuiteName = 'unit' | 'integration';

/** How a suite is run: so many batches of files, taken by so many lanes. */
interface Run {
  readonly lanes: number;
  readonly batches: number;
  readonly flags: readonly string[];
}

/**
 * Integration tests start whole servers and measure delays: on a machine of two cores many at a time would fail for
 * want of a processor and not for a fault. One spends about two thirds of its time waiting, so five are not too many.
 * AVA knows either files side by side, each with all its tests at once, or
 * everything in a row; lanes in a row are several runs of it.
 */
const RUNS: Readonly<Record<SuiteName, Run>> = {
  unit: { lanes: 1, batches: 1, flags: [] },
  integration: { lanes: 5, batches: 30, flags: ['--serial'] },
};

/** Every test file would strip and compile the same TypeScript again: a tenth of the processor time of a run. */
const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, '.cache/compiled') };

/** What the files of a suite import of this repository as TypeScript, and they themselves. */
const TYPESCRIPT: Readonly<Record<SuiteName, readonly string[]>> = {
  unit: ['{packages,apps,tooling}/*/src/**/*.ts', '{packages,apps,examples,tooling}/*/test/unit/**/*.ts'],
  integration: [
    '{packages,apps,examples,tooling}/*/test/!(unit)/**/*.ts',
    '{packages,apps,examples,tooling}/*/test/*.ts',
  ],
};

/** More files than these that fail are no matter of a busy machine. */
const MOST_REPEATED = 6;

type RunAva = (args: readonly string[], show: boolean) => Promise<Outcome>;

/** Test files of a suite: `test/unit` starts no process, everything else does. */
export function testFiles(suite: SuiteName): readonly string[] {
  return globSync('{packages,apps,examples,tooling}/*/test/**/*.test.ts', {
    cwd: ROOT,
    exclude: (path) => path.endsWith('node_modules'),
  })
    .filter((path) => path.includes('/test/unit/') === (suite === 'unit'))
    .sort();
}

/**
 * Cuts files into batches of about the same weight, the heaviest files first, so that lanes which take one after the
 * other end at about the same time.
 */
export function cutBatches(
  files: readonly string[],
  batches: number,
  weightOf: (file: string) => number,
): readonly (readonly string[])[] {
  const cut = Array.from({ length: batches }, () => ({ weight: 0, files: [] as string[] }));
  const byWeight = files
    .map((file) => ({ file, weight: weightOf(file) }))
    .sort((a, b) => b.weight - a.weight);
  for (const { file, weight } of byWeight) {
    const lightest = cut.reduce((least, batch) => (batch.weight < least.weight ? batch : least));
    lightest.files.push(file);
    lightest.weight += weight;
  }
  return cut.map((batch) => batch.files).filter((batch) => batch.length > 0);
}

/** A test that gives itself long is long, whatever the size of its file says. */
function weightOf(file: string): number {
  const path = join(ROOT, file);
  const limits = [...readFileSync(path, 'utf8').matchAll(/\bt\.timeout\((?<ms>[\d_]+)/g)];
  const longest = Math.max(0, ...limits.map(({ groups }) => Number(groups?.['ms']?.replaceAll('_', ''))));
  return statSync(path).size + longest / 10;
}

/** Runs a suite, showing AVA's report of each batch when it ends. */
export async function runSuite(suite: SuiteName, extra: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const env = { ...COMPILED, ...extra };
  const { lanes, batches, flags } = RUNS[suite];
  const runner = await bundleTestRunner();
  await runCommand('node', [join(import.meta.dirname, 'strip-ahead.ts'), ...TYPESCRIPT[suite]], { env });
  const runAva: RunAva = (args, show) => runCommand('node', [runner, ...args], { env, show });
  const waiting = cutBatches(testFiles(suite), batches, weightOf).values();
  let total = NOTHING;
  const failures = new Map<string, number>();
  const runLane = async (): Promise<void> => {
    // The iterator is shared: each batch is one lane's.
    for (const files of waiting) {
      const { output, ok } = await runAva([...flags, ...files], lanes === 1);
      if (lanes > 1) process.stdout.write(output);
      total = add(total, tallyOf(output, ok));
      for (const [file, failed] of failuresByFile(output, files)) failures.set(file, failed);
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  return failures.size <= MOST_REPEATED ? repeat(failures, total, runAva) : total;
}

/**
 * Runs files again, each alone on the machine, and counts their failures by what comes of it now. Their tests are named
 * as unsteady all the same: a failure that comes and goes is as often the server's as the machine's.
 */
async function repeat(failures: ReadonlyMap<string, number>, before: Tally, runAva: RunAva): Promise<Tally> {
  let total = before;
  for (const [file, failed] of failures) {
    process.stdout.write(`\n== failed, and runs again alone: ${file}\n`);
    const { output, ok } = await runAva(['--serial', file], true);
    if (tallyOf(output, ok).failed > 0) continue;
    process.stdout.write(`-- unsteady: ${file} passes alone; its first report above says what went wrong\n`);
    total = add(total, { ...NOTHING, passed: failed, failed: -failed });
  }
  return total;
}
