import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';

const run = promisify(execFile);

/** The folder of the project. */
export const project: string = join(import.meta.dirname, '..');

export const PASSWORD = 'correct horse';

/** A database of its own, with a user `admin`, as environment variables of the server. Goes with the test. */
export async function makeSite(t: ExecutionContext, python: string): Promise<Record<string, string>> {
  const data = mkdtempSync(join(tmpdir(), 'gunicorn-django-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  const variables = { MYSITE_DATA: data, DJANGO_SETTINGS_MODULE: 'mysite.settings' };
  const options = {
    cwd: project,
    env: { ...process.env, ...variables, DJANGO_SUPERUSER_PASSWORD: PASSWORD, PYTHONDONTWRITEBYTECODE: '1' },
  };
  await run(python, ['manage.py', 'migrate', '--verbosity', '0'], options);
  const user = ['--noinput', '--username', 'admin', '--email', 'admin@example.test'];
  await run(python, ['manage.py', 'createsuperuser', ...user], options);
  return { ...variables, PYTHONDONTWRITEBYTECODE: '1' };
}
