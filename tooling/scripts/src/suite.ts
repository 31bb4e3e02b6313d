import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { add, NOTHING, tallyOf, type Tally } from './tally.ts';
import { ROOT } from './workspace.ts';

export type SuiteName = 'unit' | 'integration';

/**
 * Integration tests start whole servers and measure delays: on a machine of two cores more than two at a time would
 * fail for want of a processor and not for a fault. AVA knows either files side by side, each with all its tests at
 * once, or everything in a row; two lanes in a row are two runs of it.
 */
const RUNS: Readonly<Record<SuiteName, { readonly lanes: number; readonly flags: readonly string[] }>> = {
  unit: { lanes: 1, flags: [] },
  integration: { lanes: 2, flags: ['--serial'] },
};

/** Test files of a suite: `test/unit` starts no process, everything else does. */
export function testFiles(suite: SuiteName): readonly string[] {
  return globSync('{packages,apps,examples,tooling}/*/test/**/*.test.ts', {
    cwd: ROOT,
    exclude: (path) => path.endsWith('node_modules'),
  })
    .filter((path) => path.includes('/test/unit/') === (suite === 'unit'))
    .sort();
}

/** Deals files to lanes of about the same weight, the heaviest first. */
export function dealFiles(
  files: readonly string[],
  lanes: number,
  weightOf: (file: string) => number,
): readonly (readonly string[])[] {
  const dealt = Array.from({ length: lanes }, () => ({ weight: 0, files: [] as string[] }));
  const byWeight = files
    .map((file) => ({ file, weight: weightOf(file) }))
    .sort((a, b) => b.weight - a.weight);
  for (const { file, weight } of byWeight) {
    const lightest = dealt.reduce((least, lane) => (lane.weight < least.weight ? lane : least));
    lightest.files.push(file);
    lightest.weight += weight;
  }
  return dealt.map((lane) => lane.files);
}

/** Runs a suite, showing AVA's reports: the first lane's as it comes, the others' after it. */
export async function runSuite(suite: SuiteName, env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const { lanes, flags } = RUNS[suite];
  const runs = dealFiles(testFiles(suite), lanes, (file) => statSync(join(ROOT, file)).size).map(
    (files, lane) => runCommand('ava', [...flags, ...files], { env, show: lane === 0 }),
  );
  let total = NOTHING;
  for (const [lane, run] of runs.entries()) {
    const { output, ok } = await run;
    if (lane > 0) process.stdout.write(output);
    total = add(total, tallyOf(output, ok));
  }
  return total;
}
