import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How many files are looked at, from the first one on along relative imports. */
const MAX_FILES = 25;

const RELATIVE_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/**
 * Adds to a syntax error where it is. Node says so for CommonJS and TypeScript, and when it ends the process
 * itself, but the error of an ES module names neither file nor line.
 */
export function withPlace(error: unknown, url: string): unknown {
  if (!(error instanceof SyntaxError) || /^(?:file:|\/)/.test(error.stack ?? '')) return error;
  const place = findSyntaxError(url);
  if (place !== undefined) error.stack = `${place}\n${error.stack ?? ''}`;
  return error;
}

/** The file's name, line and text, of the first file that Node cannot parse. */
function findSyntaxError(entry: string): string | undefined {
  const queue = [entry];
  for (const url of queue) {
    if (queue.length > MAX_FILES) break;
    const path = fileURLToPath(url);
    if (!/^\.[cm]?[jt]s$/.test(extname(path)) || !existsSync(path)) continue;
    const place = check(path);
    if (place !== undefined) return place;
    for (const [, , specifier = ''] of readFileSync(path, 'utf8').matchAll(RELATIVE_IMPORT)) {
      const next = new URL(specifier, url).href;
      if (!queue.includes(next)) queue.push(next);
    }
  }
  return undefined;
}

/** What `node --check` prints before the error itself. It parses and runs nothing. */
function check(path: string): string | undefined {
  try {
    execFileSync(process.execPath, ['--check', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    return undefined;
  } catch (error) {
    const text = String((error as { stderr?: unknown }).stderr);
    return /^(?:file:|\/).*:\d+\n/.test(text) ? text.split('\n\n')[0] : undefined;
  }
}
