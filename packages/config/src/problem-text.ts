import { relative } from 'node:path';
import type { Problem, SettingSource } from '@gunicorn-ts/interface';

/** One sentence: `workers must be a whole number of 0 or more, not "two" (gunicorn.conf.ts:3); write workers: 4`. */
export function renderProblem(problem: Problem): string {
  const subject = problem.setting === undefined ? '' : `${problem.setting} `;
  const origin =
    problem.source === undefined || problem.source.kind === 'default'
      ? ''
      : ` (${renderSource(problem.source)})`;
  const cure = problem.cure === undefined ? '' : `; ${problem.cure}`;
  return `${subject}${problem.message}${origin}${cure}`;
}

/** Where a value came from: `default`, `default from $PORT`, `gunicorn.conf.ts:3`, `flag --workers`. */
export function renderSource(source: SettingSource): string {
  switch (source.kind) {
    case 'default':
      return 'default';
    case 'default-env':
      return `default from $${source.variable}`;
    case 'file':
      return source.line === undefined ? shortPath(source.path) : `${shortPath(source.path)}:${source.line}`;
    case 'env':
      return `GUNICORN_CMD_ARGS ${source.flag}`;
    case 'flag':
      return source.flag.startsWith('-') ? `flag ${source.flag}` : 'command line';
    case 'hook':
      return `hook ${source.hook}`;
  }
}

/** A path below the current directory without it; any other path as it is. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}
