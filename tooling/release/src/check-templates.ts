import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TEMPLATES, type Template } from '@gunicorn-ts/scaffold';
import type { PackageManager } from './package-manager.ts';
import type { Place, Step } from './step.ts';
import { tryServer } from './trial.ts';

/** Every template of `npm create gunicorn-ts`, made, installed and started as it tells its user to. */
export const checkTemplates: Step = {
  name: 'templates of npm create gunicorn-ts',
  async run(place) {
    const [npm, ...others] = place.managers;
    if (npm === undefined) throw new Error('there is no package manager');
    const problems: string[] = [];
    for (const template of TEMPLATES) problems.push(...(await tryTemplate(template, npm, place)));
    const [first] = TEMPLATES;
    for (const manager of others)
      if (first !== undefined) problems.push(...(await tryTemplate(first, manager, place)));
    return problems;
  },
};

/** Where each package manager is told of the registry, so that what is typed is as users type it. */
function registryIn(url: string): NodeJS.ProcessEnv {
  return {
    npm_config_registry: `${url}/`,
    pnpm_config_registry: `${url}/`,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
  };
}

async function tryTemplate(
  template: Template,
  manager: PackageManager,
  { projects, registry, home, say }: Place,
): Promise<readonly string[]> {
  const name = `new-${template.name}-${manager.name}`;
  const project = join(projects, name);
  const env = registryIn(registry.url);
  const started = performance.now();
  const failed: string[] = [];
  const type = async (words: readonly string[], cwd: string): Promise<boolean> => {
    const { code, output } = await home.run(words, cwd, env);
    if (code !== 0) failed.push(`${name}: ${words.join(' ')} ended with ${code}:\n${output}`);
    return code === 0;
  };
  const isMade = await type(
    [...manager.create, name, ...manager.dashes, '--template', template.name],
    projects,
  );
  if (!isMade || !(await type(manager.install, project))) return failed;
  const isPython = template.application.language === 'python';
  const venv = join(project, '.venv');
  if (isPython) {
    const pip = [join(venv, 'bin/pip'), 'install', '--quiet', '-r', 'requirements.txt'];
    if (!(await type(['python3', '-m', 'venv', venv], project)) || !(await type(pip, project))) return failed;
  }
  const answer = /^\{"hello": ?"\/"\}/;
  const activated = isPython
    ? { VIRTUAL_ENV: venv, PATH: [join(venv, 'bin'), home.env()['PATH']].join(delimiter) }
    : {};
  // What the script says, without the package manager, which passes no signal on.
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [command = '', ...flags] = (scripts['start'] ?? '').split(' ');
  const words = [
    join(project, 'node_modules/.bin', command),
    ...flags,
    '--bind',
    '127.0.0.1:0',
    '--workers',
    '2',
  ];
  const problems = await tryServer(words, answer, { project, home, env: { ...env, ...activated } });
  say(
    `       ${((performance.now() - started) / 1000).toFixed(0).padStart(2)} s from nothing to an answer: ${template.name}, by ${manager.name}`,
  );
  return problems.map((problem) => `${name}: ${problem}`);
}
