import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

/**
 * The folder that the command was started in, as whoever started it calls it: the shell's `PWD`, while it names that
 * folder. The system itself knows it without links, and one of these may be what a deployment switches.
 */
export function launchFolder(env: NodeJS.ProcessEnv): string {
  const real = process.cwd();
  const named = env['PWD'];
  if (named === undefined || !isAbsolute(named)) return real;
  const folder = resolve(named);
  return identityOf(folder) === identityOf(real) ? folder : real;
}

function identityOf(folder: string): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}
