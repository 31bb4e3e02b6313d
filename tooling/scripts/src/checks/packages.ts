import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { Finding } from '../finding.ts';
import { members, read, ROOT, type Manifest, type Member } from '../workspace.ts';

type Claim = readonly [holds: boolean, what: string, cure: string];

/** What every package is like, so that nobody has to look twice. */
function claimsOf({ folder, manifest }: Member, readme: string): readonly Claim[] {
  const doors = Object.keys(manifest.exports ?? {}).filter((door) => door !== './package.json');
  const needed = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const siblings = Object.entries(needed).filter(([name]) => name.startsWith('@gunicorn-ts/'));
  return [
    [(manifest.description ?? '').endsWith('.'), 'has no description', 'add one sentence to package.json'],
    [doors.join() === '.', `has the doors ${doors.join(' ')}`, 'export everything from "."'],
    [
      manifest.main === './dist/index.js' && manifest.types === './dist/index.d.ts',
      'cannot be resolved by those that do not read "exports", as moduleResolution node10',
      'write "main": "./dist/index.js" and "types": "./dist/index.d.ts"',
    ],
    ...publishing(manifest),
    [
      unused({ folder, manifest }).length === 0,
      `needs ${unused({ folder, manifest }).join(', ')}, which its sources do not import`,
      'take it out of package.json, so that nobody installs it for nothing',
    ],
    [
      siblings.every(([, range]) => range === 'workspace:^'),
      'depends on a neighbour by a version',
      'write "workspace:^"',
    ],
    [
      readme.startsWith(`# ${manifest.name}\n`),
      `its README has another title than ${manifest.name}`,
      'begin with the name',
    ],
    [readme.includes('\n```'), 'its README shows no snippet', 'add one that runs'],
    [/\]\([^)]+\)/.test(readme), 'its README links to nothing', 'link to where the reader goes next'],
    [
      isListed({ folder, manifest }),
      'is not in the table of the README with its description',
      'add the row, or make both say the same',
    ],
    [
      exportsOnly(read(`${folder}/src/index.ts`)),
      'its index.ts holds more than exports',
      'move the rest to a file of its own',
    ],
  ];
}

/** What a registry, and those who install, ask of a manifest. The rest is added when it is packed. */
function publishing(manifest: Manifest): readonly Claim[] {
  const { version, sideEffects, publishConfig, files = [], os = [] } = manifest;
  const needsPosix = reaches(manifest.name, '@gunicorn-ts/posix');
  return [
    [
      version === versionOfCommand(),
      `has the version ${version}, and gunicorn-ts ${versionOfCommand()}`,
      'release them together: write the same',
    ],
    [
      sideEffects !== undefined && publishConfig?.access === 'public' && publishConfig.provenance === true,
      'does not say what happens when it is imported, or how it is published',
      'write "sideEffects", and "publishConfig": { "access": "public", "provenance": true }',
    ],
    [files.includes('CHANGELOG.md'), 'is packed without its changelog', 'add CHANGELOG.md to "files"'],
    [
      os.join() === (needsPosix ? '!win32' : ''),
      needsPosix ? 'can be installed where it cannot run' : 'refuses systems that it can run on',
      needsPosix ? 'write "os": ["!win32"]' : 'take "os" out',
    ],
  ];
}

function versionOfCommand(): string {
  return (JSON.parse(read('packages/gunicorn/package.json')) as Manifest).version;
}

/** Whether a package is another one, or is installed with it. */
function reaches(name: string, other: string): boolean {
  if (name === other) return true;
  const found = members('packages').find(({ manifest }) => manifest.name === name);
  return Object.keys(found?.manifest.dependencies ?? {}).some((needed) => reaches(needed, other));
}

/** What is installed with a package, and no source of it names. koffi's packages, one a system, are named by their beginning. */
function unused({ folder, manifest }: Member): readonly string[] {
  const sources = globSync(`${folder}/{src,bin}/**/*.{ts,js}`, { cwd: ROOT }).map(read).join('\n');
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter(
    (name) =>
      !new RegExp(`['"\`]${name.startsWith('@koromix/') ? '@koromix/koffi-' : `${name}['"\`]`}`).test(
        sources,
      ),
  );
}

/** True when nothing but exports and re-exports stands in the file. */
function exportsOnly(source: string): boolean {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return code.replaceAll(/export\s+(type\s+)?(\*|\{[^}]*\})(\s+from\s+'[^']+')?;/g, '').trim() === '';
}

/** True when the README of the repository lists the package with the words of its `package.json`. */
function isListed({ folder, manifest }: Member): boolean {
  const row = [`[\`${manifest.name}\`](${folder})`, manifest.description ?? ''];
  return read('README.md')
    .split('\n')
    .some(
      (line) =>
        line
          .split('|')
          .map((cell) => cell.trim())
          .join() === ['', ...row, ''].join(),
    );
}

async function checkPackage(member: Member): Promise<readonly Finding[]> {
  const { folder } = member;
  const readmePath = `${folder}/README.md`;
  if (!existsSync(join(ROOT, readmePath))) {
    return [
      { where: folder, what: 'has no README.md', cure: 'write one: name, one sentence, one snippet, a link' },
    ];
  }
  const findings = claimsOf(member, read(readmePath))
    .filter(([holds]) => !holds)
    .map(([, what, cure]) => ({ where: folder, what, cure }));
  // Packing with the real package manager would take a second a package and show no more.
  const { messages, pkg } = await publint({ pkgDir: join(ROOT, folder), level: 'warning', pack: false });
  for (const message of messages) {
    findings.push({
      where: `${folder}/package.json`,
      what: formatMessage(message, pkg, { color: false }) ?? message.code,
      cure: `see https://publint.dev/rules#${message.code.toLowerCase()}`,
    });
  }
  return findings;
}

/** Every package has one door, a description, a README that says the same, and what publishing asks for. */
export async function checkPackages(): Promise<readonly Finding[]> {
  const findings = await Promise.all(members('packages').map(checkPackage));
  return findings.flat();
}
