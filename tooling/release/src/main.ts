/** `pnpm release:check`: plays a release, and uses what it would publish as its users will. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkBill } from './check-bill.ts';
import { checkImages } from './check-images.ts';
import { checkInstallations } from './check-installations.ts';
import { checkPlugAndPlay } from './check-plug-and-play.ts';
import { checkReadmes } from './check-readmes.ts';
import { checkTarballs } from './check-tarballs.ts';
import { checkTemplates } from './check-templates.ts';
import { checkTypes } from './check-types.ts';
import { checkTwoMinutes } from './check-two-minutes.ts';
import { checkWorkerTemplate } from './check-worker-template.ts';
import { EmptyHome, packageManagers } from './package-manager.ts';
import { Passed, sourcesNow } from './passed.ts';
import { Registry } from './registry.ts';
import type { Place, Step } from './step.ts';
import { packAll, versionedCopy } from './tarballs.ts';

const { values } = parseArgs({
  options: {
    // The name of a step, or a part of it; without one all are taken.
    only: { type: 'string', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
    // Leaves out what has passed before with the same sources.
    again: { type: 'boolean', default: false },
  },
});

/** Where nothing is published from, so that a check needs no repository. */
const REPOSITORY = 'https://example.org/gunicorn-ts';

const started = performance.now();

/** Steps that stand in one line run side by side; those that measure, or run tests with time limits, stand alone. */
const STEPS: readonly (readonly Step[])[] = [
  [checkTarballs],
  [checkInstallations],
  [checkTemplates],
  [checkTypes, checkReadmes, checkBill, checkPlugAndPlay],
  [checkImages],
  [checkTwoMinutes],
  [checkWorkerTemplate],
];

const work = mkdtempSync(join(tmpdir(), 'gunicorn-release-'));
try {
  // What is edited while it is packed is not what passes.
  const passed = new Passed(sourcesNow());
  versionedCopy(join(work, 'copy'), REPOSITORY);
  const tarballs = packAll(join(work, 'copy'), join(work, 'tarballs'));
  const registry = await Registry.open(tarballs);
  mkdirSync(join(work, 'projects'));
  const place: Place = {
    copy: join(work, 'copy'),
    projects: join(work, 'projects'),
    tarballs,
    registry,
    managers: packageManagers(),
    home: new EmptyHome(join(work, 'home')),
    say: (line) => process.stdout.write(`${line}\n`),
  };
  await runSteps(place, passed);
  registry.close();
} finally {
  if (values.keep) process.stdout.write(`kept: ${work}\n`);
  else rmSync(work, { recursive: true, force: true });
}

async function runSteps(place: Place, passed: Passed): Promise<void> {
  const isWanted = ({ name }: Step): boolean =>
    values.only.length === 0 || values.only.some((word) => name.includes(word));
  for (const line of STEPS) {
    const wanted = line.filter(isWanted);
    const known = wanted.filter(({ name }) => values.again && passed.has(name));
    for (const { name } of known) place.say(`before ${name}`);
    await Promise.all(
      wanted.filter((step) => !known.includes(step)).map((step) => runStep(step, place, passed)),
    );
  }
  place.say(`${((performance.now() - started) / 1000).toFixed(0)} s in all`);
}

async function runStep(step: Step, place: Place, passed: Passed): Promise<void> {
  const begun = performance.now();
  const problems = await step.run(place);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  passed.set(step.name, problems.length === 0);
  place.say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
  for (const problem of problems) place.say(`  ${problem.trimEnd().replaceAll('\n', '\n    ')}`);
  if (problems.length > 0) process.exitCode = 1;
}
