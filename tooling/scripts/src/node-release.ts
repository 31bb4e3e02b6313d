import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.ts';

const CACHE = join(ROOT, '.cache/node');

/**
 * Path of the newest Node.js of a release line (`22`), fetched on first use from the npm package that carries the
 * binary: three of them weigh 300 MB, too much for every install to bring. Throws when it cannot be got.
 */
export function nodeRelease(line: string): string {
  const folder = join(CACHE, line);
  const binary = join(folder, 'package/bin/node');
  if (existsSync(binary)) return binary;
  const name = `node-${process.platform}-${process.arch}@${line}`;
  mkdirSync(folder, { recursive: true });
  try {
    const packed = execFileSync(
      'npm',
      ['pack', name, '--json', '--loglevel=error', '--pack-destination', folder],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder, 'package/bin/node']);
    rmSync(join(folder, filename));
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the npm package ${name}, which carries Node.js ${line}, cannot be got`, { cause });
  }
  return binary;
}
