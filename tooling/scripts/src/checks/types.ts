import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../finding.ts';
import { ROOT } from '../workspace.ts';

/** Everything that is type-checked and not built. The build checks the sources of the packages. */
function projects(): readonly string[] {
  return [
    'tsconfig.test.json',
    'examples/tsconfig.json',
    ...globSync('{apps,tooling}/*/tsconfig.json', { cwd: ROOT }),
  ];
}

async function typeCheck(project: string): Promise<readonly Finding[]> {
  const output = await new Promise<string>((resolve) => {
    execFile(
      join(ROOT, 'node_modules/.bin/tsc'),
      ['--noEmit', '--pretty', 'false', '-p', project],
      { cwd: ROOT },
      (error, stdout, stderr) => resolve(error === null ? '' : stdout + stderr || error.message),
    );
  });
  return (
    output
      .split('\n')
      // Indented lines explain the error above them.
      .filter((line) => /^\S/.test(line))
      .map((line) => {
        const found = /^(?<file>.+)\((?<line>\d+),\d+\): error (?<what>.*)$/.exec(line);
        const { file = project, line: number = '1', what = line } = found?.groups ?? {};
        return { where: `${file}:${number}`, what, cure: 'correct the types' };
      })
  );
}

/** Checks the types of tests, tooling, apps and examples. */
export async function checkTypes(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const project of projects()) findings.push(...(await typeCheck(project)));
  return findings;
}
