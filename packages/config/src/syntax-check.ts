import { spawnSync } from 'node:child_process';

/**
 * The error with the place of the mistake before its stack, as Node prints it for a main program:
 * `FILE:LINE`, the line, and a caret. For imported modules Node keeps the place to itself, so that
 * `node --check` has to be asked. TypeScript files come with their place.
 */
export function locateSyntaxError(error: SyntaxError, files: Iterable<string>): SyntaxError {
  for (const file of files) {
    if (!/\.[cm]?js$/.test(file)) continue;
    const check = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 });
    if (check.status === 0 || !check.stderr.startsWith(`${file}:`)) continue;
    error.stack = `${check.stderr.split('\n').slice(0, 3).join('\n')}\n\n${error.stack ?? ''}`;
    return error;
  }
  return error;
}
