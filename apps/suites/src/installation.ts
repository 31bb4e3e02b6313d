import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runChild } from './children.ts';
import { NotInstalled } from './errors.ts';
import type { Suite } from './suite.ts';

export interface Places {
  /** What the repositories are cloned from: an address, or a folder of repositories, `owner/name` below it. */
  readonly sources: string;
  /** The folder that they are cloned into, and stay in. */
  readonly work: string;
}

/** A suite that can be run. */
export interface Installed {
  /** Where its package is. */
  readonly folder: string;
  readonly version: string;
  readonly commit: string;
}

const STEP_MS = 500_000;
/** Their dependencies are built from nothing: what a package ships is enough to test it. */
const NPM_FLAGS = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'];

/** Clones the sources and installs their dependencies, once. @throws {NotInstalled} */
export async function install(suite: Suite, { sources, work }: Places): Promise<Installed> {
  const top = join(work, suite.repository);
  const folder = join(top, suite.folder ?? '.');
  const done = join(top, '.git', 'suite-installed');
  if (!existsSync(top)) {
    await mkdir(dirname(top), { recursive: true });
    await step(['git', 'clone', '--quiet', '--depth', '1', addressOf(sources, suite.repository), top], work);
    if (suite.commit !== undefined) {
      await step(['git', 'fetch', '--quiet', '--depth', '1', 'origin', suite.commit], top);
      await step(['git', 'checkout', '--quiet', 'FETCH_HEAD'], top);
    }
  }
  if (!existsSync(done)) {
    if (suite.unused !== undefined) await leaveOut(suite.unused, top);
    await step(['npm', 'install', ...NPM_FLAGS], top);
    // Compilers also fail where only types are missing: whether it was built the suite itself will tell.
    for (const args of suite.builds ?? []) await runChild(['npm', ...args], { cwd: top, within: STEP_MS });
    await writeFile(done, '');
  }
  const { version = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version?: string;
  };
  const commit = await step(['git', 'rev-parse', '--short=12', 'HEAD'], top);
  return { folder, version, commit: commit.trim() };
}

async function leaveOut(unused: RegExp, top: string): Promise<void> {
  const path = join(top, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { devDependencies: Record<string, string> };
  const used = Object.entries(manifest.devDependencies).filter(([name]) => !unused.test(name));
  await writeFile(path, JSON.stringify({ ...manifest, devDependencies: Object.fromEntries(used) }, null, 2));
  // It still asks for them.
  await rm(join(top, 'package-lock.json'), { force: true });
}

function addressOf(sources: string, repository: string): string {
  // Without the scheme git takes a folder by its files, and knows no depth.
  return sources.startsWith('/') ? `file://${join(sources, repository)}` : `${sources}/${repository}`;
}

async function step(command: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await runChild(command, { cwd, within: STEP_MS });
  if (code === 0) return output;
  throw new NotInstalled(
    `${command.join(' ')} failed: ${output.trim().split('\n').at(-1) ?? `exit code ${code}`}`,
  );
}
