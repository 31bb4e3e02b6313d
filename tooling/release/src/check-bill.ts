import { join } from 'node:path';
import { installedIn } from './installed.ts';
import { emptyProject } from './package-manager.ts';
import type { Step } from './step.ts';

interface Bill {
  readonly bomFormat?: string;
  readonly specVersion?: string;
  readonly components?: readonly {
    readonly name: string;
    readonly group?: string;
    readonly purl?: string;
    readonly licenses?: readonly unknown[];
  }[];
}

/** npm's own bill of materials of what is installed with the command: complete, and with a licence for each part. */
export const checkBill: Step = {
  name: 'bill of materials',
  async run({ managers, projects, registry, home, say }) {
    const [npm] = managers;
    if (npm === undefined) throw new Error('there is no package manager');
    const project = join(projects, 'bill');
    emptyProject(project, npm, registry.url);
    const added = await home.run([...npm.add, 'gunicorn-ts', '@gunicorn-ts/python'], project);
    if (added.code !== 0) return [`npm install ended with ${added.code}:\n${added.output}`];
    const { code, output } = await home.run(['npm', 'sbom', '--sbom-format', 'cyclonedx'], project);
    if (code !== 0) return [`npm sbom ended with ${code}:\n${output}`];
    const { bomFormat, specVersion, components = [] } = JSON.parse(output) as Bill;
    const listed = new Map(
      components.map((one) => [one.group === undefined ? one.name : `${one.group}/${one.name}`, one]),
    );
    say(`       ${components.length} components, CycloneDX ${specVersion}`);
    return [
      ...(bomFormat === 'CycloneDX' ? [] : [`the format is ${bomFormat}`]),
      ...installedIn(project)
        .filter(({ name }) => !listed.has(name))
        .map(({ name }) => `${name} is installed and not listed`),
      ...[...listed]
        .filter(([, { purl }]) => purl === undefined)
        .map(([name]) => `${name} has no package URL`),
      ...[...listed]
        .filter(([, { licenses = [] }]) => licenses.length === 0)
        .map(([name]) => `${name} has no licence`),
    ];
  },
};
