import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { inLanes } from './lanes.ts';
import { manifestProblems } from './manifest.ts';
import type { Step } from './step.ts';
import { contentProblems, type Tarball } from './tarballs.ts';

const TYPES_CLI = join(
  dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')),
  'dist/index.js',
);

/** Versions, manifests and contents of the tarballs, and what others' tools say of them. */
export const checkTarballs: Step = {
  name: 'tarballs: version, manifest, contents, publint, types',
  async run({ tarballs, copy, say }) {
    const version = tarballs.find(({ manifest }) => manifest.name === 'gunicorn-ts')?.manifest.version ?? '';
    const problems = /^\d+\.\d+\.\d+$/.test(version) ? [] : [`the changesets give the version ${version}`];
    for (const tarball of tarballs) {
      problems.push(...manifestProblems(tarball.manifest, version), ...contentProblems(tarball));
      problems.push(...changelogProblems(tarball, copy), ...(await publintProblems(tarball)));
    }
    problems.push(...(await inLanes(tarballs.map((tarball) => () => typeProblems(tarball)))));
    const kilobytes = tarballs.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1000;
    say(`       ${tarballs.length} packages of version ${version}, ${kilobytes.toFixed(0)} kB packed`);
    return problems;
  },
};

/** A changelog tells of the version that is released. */
function changelogProblems({ manifest }: Tarball, copy: string): readonly string[] {
  const folder = manifest.repository?.directory ?? '';
  const text = readFileSync(join(copy, folder, 'CHANGELOG.md'), 'utf8');
  const isTold = text.startsWith(`# ${manifest.name}\n`) && text.includes(`\n## ${manifest.version}\n`);
  return isTold ? [] : [`${folder}/CHANGELOG.md does not tell of ${manifest.version}`];
}

async function publintProblems({ manifest, bytes }: Tarball): Promise<readonly string[]> {
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'suggestion', strict: true });
  return messages.map(
    (message) =>
      `${manifest.name}: ${formatMessage(message, pkg, { color: false }) ?? message.code} (publint)`,
  );
}

/** Every way to resolve the types but one: CommonJS gets an ES module, which Node.js has loaded since 22.12. */
async function typeProblems({ manifest, path }: Tarball): Promise<readonly string[]> {
  const args = [TYPES_CLI, path, '--format', 'json', '--ignore-rules', 'cjs-resolves-to-esm'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 28 }, (_error, stdout, stderr) =>
      resolve(stdout || stderr),
    );
  });
  try {
    const { problems } = JSON.parse(output) as { problems?: Readonly<Record<string, readonly unknown[]>> };
    const found = Object.entries(problems ?? {}).filter(
      ([kind, list]) => kind !== 'CJSResolvesToESM' && list.length > 0,
    );
    return found.map(([kind, list]) => `${manifest.name}: ${kind} ${JSON.stringify(list)} (attw)`);
  } catch {
    return [`${manifest.name}: attw could not look at it: ${output.slice(0, 2000)}`];
  }
}
