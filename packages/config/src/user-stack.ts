import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Marks modules of one fresh load; see `fresh-import.ts`. */
const FRESH_MARK = /(?:\?|%3F)gunicorn-load=\d+/g;
const MOST_FRAMES = 5;
/** With the slash; source maps may lead from `dist` to `src`. */
const OWN_PACKAGE = `${dirname(import.meta.dirname)}/`;

/**
 * What went wrong in the operator's own code, for the operator: name and message, then the place. Frames
 * of Node, of packages and of whoever called into that code say nothing to him and are left out.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const lines = clean(error.stack ?? '').split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const callers = frames.findIndex((line) => line.includes(OWN_PACKAGE));
  const own = frames.slice(0, callers === -1 ? undefined : callers).filter(isOwnFrame);
  const place = error instanceof SyntaxError ? syntaxErrorPlace(lines) : [];
  return [`${error.name}: ${clean(error.message)}`, ...place, ...own.slice(0, MOST_FRAMES)].join('\n');
}

function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(FRESH_MARK, '').replaceAll('file://', '');
}

function isOwnFrame(line: string): boolean {
  return !/node:|\/node_modules\/|<anonymous>\)?$/.test(line);
}

/** Node puts the place of a syntax error before the message: `FILE:LINE`, some lines of it, and a caret. */
function syntaxErrorPlace(lines: readonly string[]): string[] {
  const [first = ''] = lines;
  if (!/^\/.*:\d+$/.test(first)) return [];
  const caret = lines.findIndex((line) => /^\s*\^+\s*$/.test(line));
  const code = caret < 1 ? [] : [`      ${lines[caret - 1] ?? ''}`, `      ${lines[caret] ?? ''}`];
  return [`    at ${first}`, ...code];
}
