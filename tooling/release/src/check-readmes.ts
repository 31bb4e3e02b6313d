import { join } from 'node:path';
import { testedPeers } from './catalog.ts';
import { COMBINATIONS } from './combination.ts';
import { emptyProject } from './package-manager.ts';
import type { Step } from './step.ts';
import { carryOut, type Trial } from './trial.ts';

/** What the READMEs are given, and what is expected of them, where it is more than that they run. */
const EXPECTED: Readonly<Record<string, Omit<Extract<Trial, { kind: 'readme' }>, 'kind' | 'package'>>> = {
  admin: { prints: /^405$/m },
  'create-gunicorn-ts': { prints: /--template NAME/ },
  control: { prints: /gunicorn reload/ },
  'http-server': { answer: /^Hello from \/\n$/ },
  http: { prints: /hello world/ },
  load: { prints: /^\d+ \[/m },
  logging: { prints: /Listening at: .*8000[\s\S]*"GET \/hello\?to=you HTTP\/1\.1" 200 5/ },
  metrics: { prints: /gunicorn_\w+ \((?:counter|gauge)\)/ },
  posix: { answer: /^hello\n$/ },
  'worker-host': { prints: /worker-host\/dist\/main\.js/ },
  wsgi: { prints: /hello \/you/ },
};

/**
 * READMEs without a snippet that Node.js runs: they are of commands, whose flags the check of the repository reads, or for
 * AVA, as that of conformance, which the example of a worker class has run.
 */
const OF_COMMANDS: readonly string[] = ['conformance', 'container', 'kubernetes', 'python', 'verify'];

/** The snippets of every README that no combination has run, in a project with all packages. */
export const checkReadmes: Step = {
  name: 'snippets of the other READMEs',
  async run({ tarballs, projects, registry, managers, home, say }) {
    const [npm] = managers;
    if (npm === undefined) throw new Error('there is no package manager');
    const project = join(projects, 'all');
    emptyProject(project, npm, registry.url);
    const names = tarballs.map(({ manifest }) => manifest.name);
    const { code, output } = await home.run([...npm.add, ...names, ...testedPeers()], project);
    if (code !== 0) return [`npm install of all packages ended with ${code}:\n${output}`];
    const folders = tarballs.map(({ manifest }) =>
      (manifest.repository?.directory ?? '').replace('packages/', ''),
    );
    const left = folders.filter((folder) => !OF_COMMANDS.includes(folder) && !isTriedWhole(folder));
    const problems: string[] = [];
    for (const folder of left) {
      const found = await carryOut({ kind: 'readme', package: folder, ...EXPECTED[folder] }, project, home);
      problems.push(...found);
    }
    say(`       those of ${left.length} packages`);
    return problems;
  },
};

function isTriedWhole(folder: string): boolean {
  return COMBINATIONS.some(({ trials }) =>
    trials.some(
      (trial) => trial.kind === 'readme' && trial.package === folder && trial.snippets === undefined,
    ),
  );
}
