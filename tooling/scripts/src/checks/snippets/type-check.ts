import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '../../finding.ts';
import { ROOT } from '../../workspace.ts';
import { filesOf, type Snippet } from './snippet.ts';

const run = promisify(execFile);
/** Inside a package that depends on all that snippets import. */
const FOLDER = 'apps/docs/.snippets';

/** Checks the types of snippets in TypeScript, each block a folder with the files that it shows. */
export async function typeCheckSnippets(snippets: readonly Snippet[]): Promise<readonly Finding[]> {
  const root = join(ROOT, FOLDER);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const places = new Map<string, { page: string; line: number }>();
  for (const [index, snippet] of snippets.entries()) {
    for (const { name, line, text } of filesOf(snippet)) {
      mkdirSync(join(root, String(index)), { recursive: true });
      writeFileSync(join(root, String(index), name), `${text}\nexport {};\n`);
      places.set(`${index}/${name}`, { page: snippet.page, line });
    }
  }
  // A signature may show what an application is given and make no use of it.
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
  const options = { extends: '../../../tsconfig.check.json', compilerOptions, include: ['*/*'] };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(options));
  try {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const output = await run(tsc, ['--noEmit', '--pretty', 'false', '-p', root], { cwd: root }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    return output.split('\n').flatMap((line) => {
      const found = /^(?<file>[^(]+)\((?<row>\d+),\d+\): error (?<what>.*)$/.exec(line)?.groups;
      if (found === undefined) return [];
      const place = places.get(found['file'] ?? '') ?? { page: found['file'] ?? '', line: 1 };
      const where = `${place.page}:${place.line + Number(found['row']) - 1}`;
      return [{ where, what: found['what'] ?? '', cure: 'correct the code in the page' }];
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
