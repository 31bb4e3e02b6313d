import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';
import type { Place } from './step.ts';

/** What pip finds the server by, which no index has yet: the wheels of this checkout, built when they are first asked for. */
export function pipEnvironment({ projects }: Pick<Place, 'projects'>): NodeJS.ProcessEnv {
  const wheels = join(projects, 'wheels');
  if (!existsSync(wheels)) {
    const main = join(ROOT, 'tooling/wheel/src/main.ts');
    execFileSync(process.execPath, [main, '--output', wheels], { cwd: ROOT, stdio: 'pipe' });
  }
  const given = Object.entries(process.env).filter(([name]) => name === 'PIP_CERT');
  const links = [wheels, ...(process.env['PIP_FIND_LINKS']?.split(' ') ?? [])].join(' ');
  return { ...Object.fromEntries(given), PIP_FIND_LINKS: links };
}
