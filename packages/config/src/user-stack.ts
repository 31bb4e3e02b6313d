import { stripVTControlCharacters } from 'node:util';

/** Marks modules of one fresh load; see `config-module.ts`. */
const FRESH_MARK = /\?gunicorn-load=\d+/g;
const MOST_FRAMES = 5;

/**
 * What went wrong in the operator's own code, for the operator: name and message, then the place. Frames
 * of Node, of packages and of this package say nothing to him and are left out.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const stack = clean(error.stack ?? '');
  const lines = stack.split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line) && isUserFrame(line)).slice(0, MOST_FRAMES);
  const place = syntaxErrorPlace(lines) ?? [];
  return [`${error.name}: ${clean(error.message)}`, ...place, ...frames].join('\n');
}

function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(FRESH_MARK, '').replaceAll('file://', '');
}

function isUserFrame(line: string): boolean {
  return !/node:|\/node_modules\/|<anonymous>\)?$/.test(line) && !line.includes(import.meta.dirname);
}

/** Node puts the place of a syntax error before the message: `FILE:LINE`, the line, and a caret below it. */
function syntaxErrorPlace(lines: readonly string[]): string[] | undefined {
  const [first = '', code = '', caret = ''] = lines;
  if (!/^\/.*:\d+$/.test(first)) return undefined;
  return [`    at ${first}`, ...(/^\s*\^+/.test(caret) ? [`    ${code}`, `    ${caret}`] : [])];
}
