import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyProject } from './package-manager.ts';
import type { Step } from './step.ts';
import { freePort, tryServer } from './trial.ts';

const APP =
  "export default (request: unknown, response: { end(text: string): void }) => response.end('served');\n";

/** Where Yarn installs no `node_modules`: each process of the server must find its packages through Yarn's loader. */
export const checkPlugAndPlay: Step = {
  name: 'Plug’n’Play of Yarn',
  async run({ managers, projects, registry, home }) {
    const yarn = managers.find(({ name }) => name === 'yarn');
    if (yarn === undefined) throw new Error('there is no yarn');
    const project = join(projects, 'plug-and-play');
    emptyProject(project, yarn, registry.url);
    const settings = join(project, '.yarnrc.yml');
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace('nodeLinker: node-modules', 'nodeLinker: pnp'),
    );
    writeFileSync(join(project, 'app.ts'), APP);
    const { code, output } = await home.run([...yarn.add, 'gunicorn-ts'], project);
    if (code !== 0) return [`${yarn.add.join(' ')} gunicorn-ts ended with ${code}:\n${output}`];
    const run = [...yarn.add.slice(0, -1), 'run', 'gunicorn', '--workers', '2'];
    return tryServer([...run, '--bind', `127.0.0.1:${await freePort()}`, 'app.ts'], /^served$/, {
      project,
      home,
    });
  },
};
