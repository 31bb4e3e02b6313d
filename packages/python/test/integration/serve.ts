import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Server, type ServerOptions, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

export const APPLICATION: string = readFileSync(new URL('application.py', import.meta.url), 'utf8');

const version = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);

/** A test that needs a Python interpreter; elsewhere it says so. */
export function pythonTest(title: string, run: (t: ExecutionContext) => Promise<void>): void {
  if (version.status === 0) test.serial(title, run);
  else {
    test(title, (t) => {
      t.log('skipped: there is no python3 of 3.9 or newer');
      t.pass();
    });
  }
}

/** The command with the application of this folder as `site.app`. */
export function servePython(
  t: ExecutionContext,
  args: readonly string[],
  options: ServerOptions = {},
): Promise<Server> {
  const { files, ...rest } = options;
  return startServer(t, {
    ...rest,
    files: { 'shop/__init__.py': '', 'shop/wsgi.py': APPLICATION, ...files },
    args: [...args, 'shop.wsgi'],
  });
}
