import { EXIT_CODE } from '@gunicorn-ts/interface';
import { surviveStandardStreams } from '@gunicorn-ts/logging';
import {
  findTarget,
  type Found,
  managerOf,
  nothingFound,
  planInit,
  type Project,
  readProject,
  renderOutcome,
  severalFound,
  writePlan,
} from '@gunicorn-ts/scaffold';
import { initUsage } from './errors.ts';
import { type Io, reporting } from './io.ts';
import { version } from './version.ts';

const HELP = `usage: gunicorn init [TARGET]

Adds to a project what it needs to be served: a settings file, a script, a Dockerfile. The application is found by
package.json, manage.py, or what a Python module makes; TARGET names it: ./src/server.ts, mysite.wsgi:application.
What is there stays as it is.
`;

/** `gunicorn init [TARGET]`. Returns the exit code. */
export function main([, ...words]: readonly string[], io: Io): Promise<number> {
  surviveStandardStreams();
  return reporting(io, () => init(words, io));
}

function init(words: readonly string[], { stdout, env }: Io): number {
  const [named, ...more] = words;
  if (named === '--help' || named === '-h') {
    stdout.write(HELP);
    return EXIT_CODE.ok;
  }
  if (more.length > 0 || named?.startsWith('-') === true) throw initUsage(words);
  const cwd = process.cwd();
  const project = readProject(cwd);
  const found = named === undefined ? only(findTarget(project), cwd) : asNamed(named, project);
  stdout.write(`Found  ${found.application.target}: ${found.framework}, by ${found.by}\n`);
  const options = {
    version,
    manager: managerOf(env['npm_config_user_agent']),
    isFromPip: env['GUNICORN_TS_PYTHON'] !== undefined,
  };
  stdout.write(renderOutcome(writePlan(planInit(found, project, options), cwd)));
  return EXIT_CODE.ok;
}

function only(found: readonly Found[], folder: string): Found {
  const [first, second] = found;
  if (first === undefined) throw nothingFound(folder);
  if (second !== undefined) throw severalFound(found);
  return first;
}

/** What is named is taken as it is; where it was found as well, more is known of it. */
function asNamed(target: string, project: Project): Found {
  const same = findTarget(project).find(({ application }) => application.target === target);
  if (same !== undefined) return same;
  const isPython =
    !/[/]|\.[cm]?[jt]s(?::|$)/.test(target) && /^[A-Za-z_][\w.]*(?::[\w.()'"=, ]+)?$/.test(target);
  const style = !isPython ? 'node' : /asgi/.test(target) ? 'asgi' : 'wsgi';
  return {
    application: { target, language: isPython ? 'python' : 'node', style },
    framework: 'an application',
    by: 'its name',
  };
}
