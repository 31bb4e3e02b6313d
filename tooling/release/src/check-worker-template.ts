import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';
import { catalogVersion } from './catalog.ts';
import type { PackageManifest } from './manifest.ts';
import { emptyProject } from './package-manager.ts';
import type { Step } from './step.ts';

/** The example of a worker class, copied out of the repository, proves itself with what is published. */
export const checkWorkerTemplate: Step = {
  name: 'worker class of one’s own, outside of the repository',
  async run({ managers, projects, registry, tarballs, home, say }) {
    const [npm] = managers;
    if (npm === undefined) throw new Error('there is no package manager');
    const project = join(projects, 'custom-worker');
    cpSync(join(ROOT, 'examples/custom-worker'), project, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    const path = join(project, 'package.json');
    const written = JSON.parse(readFileSync(path, 'utf8')) as PackageManifest;
    emptyProject(project, npm, registry.url);
    writeFileSync(path, JSON.stringify(outside(written, tarballs[0]?.manifest.version ?? ''), null, 2));
    const installed = await home.run(npm.install, project);
    if (installed.code !== 0) return [`npm install ended with ${installed.code}:\n${installed.output}`];
    const { code, output } = await home.run(['npm', 'test'], project);
    say(`       ${/\d+ tests? passed/.exec(output)?.[0] ?? 'no test passed'}`);
    return code === 0 ? [] : [`npm test ended with ${code}:\n${output.slice(-6000)}`];
  },
};

/** The manifest with versions in place of what only the workspace knows. */
function outside(manifest: PackageManifest, version: string): object {
  const versionOf = (name: string, range: string): string => {
    if (range.startsWith('workspace:')) return version;
    return catalogVersion(name) ?? range;
  };
  const real = (ranges: unknown): Record<string, string> =>
    Object.fromEntries(
      Object.entries((ranges ?? {}) as Record<string, string>).map(([name, range]) => [
        name,
        versionOf(name, range),
      ]),
    );
  return {
    ...manifest,
    dependencies: real(manifest.dependencies),
    devDependencies: real(manifest['devDependencies']),
  };
}
