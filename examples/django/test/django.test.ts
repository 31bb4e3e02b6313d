import { execFileSync } from 'node:child_process';
import { beforePython, startServer, type Server } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { makeSite, project } from './site.ts';
import { visit } from './visit.ts';

const made = beforePython(test);

/** Debian's Django, another version, runs in Debian's interpreter. */
const debian = hasDjango('/usr/bin/python3') ? '/usr/bin/python3' : undefined;

const modes: readonly (readonly string[])[] = [
  ['--worker-class', 'sync', '--workers', '2'],
  ['--worker-class', 'gthread', '--threads', '4'],
  ['--worker-class', 'gevent'],
  ['--worker-class', 'sync', '--workers', '2', '--preload'],
];

for (const mode of modes) {
  test.serial(`Django with ${mode.join(' ')}`, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind === 'missing') return skip(t, environment.reason);
    await visit(t, await serve(t, environment.python, mode));
  });
}

test.serial(`Debian's Django`, async (t) => {
  if (debian === undefined) return skip(t, 'python3-django of Debian is not installed');
  await visit(t, await serve(t, debian, ['--worker-class', 'sync', '--workers', '2']));
});

async function serve(t: ExecutionContext, python: string, args: readonly string[]): Promise<Server> {
  const env = await makeSite(t, python);
  return startServer(t, {
    cwd: project,
    env,
    args: ['--python', python, ...args, 'mysite.wsgi:application'],
  });
}

function skip(t: ExecutionContext, reason: string): void {
  t.log(`skipped: ${reason}`);
  t.pass();
}

function hasDjango(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import django'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
