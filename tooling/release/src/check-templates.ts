import { readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { TEMPLATES, type Template } from '@gunicorn-ts/scaffold';
import { inLanes } from './lanes.ts';
import type { PackageManager } from './package-manager.ts';
import type { Place, Step } from './step.ts';
import { tryServer } from './trial.ts';

/** Every template of `npm create gunicorn-ts`, made, installed and started as it tells its user to. */
export const checkTemplates: Step = {
  name: 'templates of npm create gunicorn-ts',
  async run(place) {
    const [npm, ...others] = place.managers;
    if (npm === undefined) throw new Error('there is no package manager');
    const [first] = TEMPLATES;
    const tries = [
      ...TEMPLATES.map((template) => [template, npm] as const),
      ...others.flatMap((manager) => (first === undefined ? [] : [[first, manager] as const])),
    ];
    return inLanes(
      tries.map(
        ([template, manager]) =>
          () =>
            tryTemplate(template, manager, place),
      ),
    );
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

/** A project that was made and installed, as its user is told to. */
export interface MadeProject {
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** Commands that failed, as sentences; the first one is the last that was tried. */
  readonly failed: readonly string[];
}

/** Makes a new project of a template, and installs what comes from npm. */
export async function makeProject(
  template: Template,
  manager: PackageManager,
  { projects, registry, home }: Pick<Place, 'projects' | 'registry' | 'home'>,
): Promise<MadeProject> {
  const name = `new-${template.name}-${manager.name}`;
  const project = join(projects, name);
  const env = registryIn(registry.url);
  const create = [...manager.create, name, ...manager.dashes, '--template', template.name];
  const typed = [
    [create, projects],
    [manager.install, project],
  ] as const;
  return { project, env, failed: await typeAll(typed, { name, home, env }) };
}

/** Types one command after the other, until one fails. @returns what became of that, as a sentence */
async function typeAll(
  commands: readonly (readonly [words: readonly string[], cwd: string])[],
  { name, home, env }: Pick<Place, 'home'> & { readonly name: string; readonly env: NodeJS.ProcessEnv },
): Promise<readonly string[]> {
  for (const [words, cwd] of commands) {
    const { code, output } = await home.run(words, cwd, env);
    if (code !== 0) return [`${name}: ${words.join(' ')} ended with ${code}:\n${output}`];
  }
  return [];
}

async function tryTemplate(
  template: Template,
  manager: PackageManager,
  place: Place,
): Promise<readonly string[]> {
  const { home, say } = place;
  const started = performance.now();
  const { project, env, failed } = await makeProject(template, manager, place);
  if (failed.length > 0) return failed;
  const name = basename(project);
  const isPython = template.application.language === 'python';
  const venv = join(project, '.venv');
  if (isPython) {
    const pip = [join(venv, 'bin/pip'), 'install', '--quiet', '-r', 'requirements.txt'];
    const typed = [
      [['python3', '-m', 'venv', venv], project],
      [pip, project],
    ] as const;
    const troubles = await typeAll(typed, { name, home, env });
    if (troubles.length > 0) return troubles;
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
