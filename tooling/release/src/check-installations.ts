import { join } from 'node:path';
import { type Combination, COMBINATIONS } from './combination.ts';
import { installationProblems, installedIn, licenceProblems, weightOf } from './installed.ts';
import { inLanes } from './lanes.ts';
import { emptyProject, type PackageManager } from './package-manager.ts';
import type { Place, Step } from './step.ts';
import { carryOut } from './trial.ts';

/** Every combination, installed into an empty folder by every package manager, and used. */
export const checkInstallations: Step = {
  name: 'installations, each by npm, pnpm and yarn',
  async run(place) {
    return inLanes(
      COMBINATIONS.flatMap((combination) =>
        place.managers.map((manager) => async () => {
          const found = await install(combination, manager, place);
          return found.map((problem) => `${combination.name}, by ${manager.name}: ${problem}`);
        }),
      ),
    );
  },
};

async function install(
  { name, add, asked, trials }: Combination,
  manager: PackageManager,
  { projects, registry, home, say }: Place,
): Promise<readonly string[]> {
  const project = join(projects, `${name.replaceAll(/\W+/g, '-')}-${manager.name}`);
  emptyProject(project, manager, registry.url);
  const { code, output, seconds } = await home.run([...manager.add, ...add], project);
  if (code !== 0) return [`${manager.add.join(' ')} ${add.join(' ')} ended with ${code}:\n${output}`];
  const installed = installedIn(project);
  const megabytes = weightOf(installed).toFixed(1).padStart(4);
  const count = String(installed.length).padStart(2);
  say(
    `       ${megabytes} MB in ${count} packages, ${seconds.toFixed(0)} s by ${manager.name} ${manager.version}: ${add.join(' ')}`,
  );
  const problems = [...installationProblems(installed, asked), ...licenceProblems(installed)];
  if (/\bwarn(?:ing)?\b/i.test(output)) problems.push(`the installation warns:\n${output}`);
  for (const trial of trials) problems.push(...(await carryOut(trial, project, home)));
  return problems;
}
