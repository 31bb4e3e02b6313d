/**
 * `pnpm release:pack --repository URL [--output FOLDER] [--version X.Y.Z]`: the tarballs that are published, in the order
 * in which that must be done, since each needs those before it. Without waiting changesets it takes the versions as they are.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { manifestProblems } from './manifest.ts';
import { publishOrder } from './publish-order.ts';
import { contentProblems, packAll, versionedCopy } from './tarballs.ts';

const { values } = parseArgs({
  options: {
    repository: { type: 'string', default: '' },
    output: { type: 'string', default: 'dist/npm' },
    version: { type: 'string' },
  },
});
if (!/^https:\/\/[^/]+\/.+[^/]$/.test(values.repository))
  throw new Error(`--repository is ${JSON.stringify(values.repository)}; write https://HOST/OWNER/NAME`);

const work = mkdtempSync(join(tmpdir(), 'gunicorn-pack-'));
try {
  versionedCopy(work, values.repository.replace(/\.git$/, ''));
  const tarballs = packAll(work, resolve(values.output));
  const version = values.version ?? tarballs[0]?.manifest.version ?? '';
  const problems = tarballs.flatMap((one) => [
    ...manifestProblems(one.manifest, version),
    ...contentProblems(one),
  ]);
  if (problems.length > 0) throw new Error(`this is not to be published:\n${problems.join('\n')}`);
  const order = publishOrder(tarballs.map(({ manifest }) => manifest));
  const files = order.map((name) => tarballs.find(({ manifest }) => manifest.name === name)?.path ?? '');
  writeFileSync(
    join(resolve(values.output), 'order.txt'),
    files.map((path) => `${basename(path)}\n`).join(''),
  );
  process.stdout.write(files.map((path) => `${path}\n`).join(''));
} finally {
  rmSync(work, { recursive: true, force: true });
}
