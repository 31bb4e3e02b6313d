import type { Found } from './find/found.ts';
import { imageFiles } from './image/image-files.ts';
import { managerOfFiles, PACKAGE_MANAGERS, type PackageManagerName } from './package-manager.ts';
import type { Plan } from './plan.ts';
import type { Project } from './project.ts';
import { pythonSettingsFile, settingsFile } from './settings-file.ts';

/** Where a project is set up. */
export interface InitOptions {
  /** The release of the server. */
  readonly version: string;
  /** Who started this, where the project does not tell by its lock file. */
  readonly manager: PackageManagerName;
  /** The command was installed by pip. */
  readonly isFromPip: boolean;
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What a project needs to be served, where its application is known. Pure. */
export function planInit({ application, notes = [] }: Found, project: Project, options: InitOptions): Plan {
  const { paths } = project;
  const isPython = application.language === 'python';
  const manifest = manifestOf(project);
  const tool = PACKAGE_MANAGERS[managerOfFiles(paths) ?? options.manager];
  const settings =
    isPython && (manifest === undefined || options.isFromPip)
      ? pythonSettingsFile(application)
      : settingsFile(application);
  const hasSettings = paths.some((path) => /^gunicorn\.conf\.(?:[cm]?[jt]s|py)$/.test(path));
  const isUnlisted = isPython && !isListed(paths);
  const image = isUnlisted ? [] : imageOf(project, tool, { isPython, version: options.version });
  const script = manifest === undefined ? undefined : scriptFor(manifest);
  return {
    // A second settings file would be one too many, whatever it is called.
    files: [...(hasSettings ? [] : [settings]), ...image],
    ...(script !== undefined && { script: { name: script, words: 'gunicorn' } }),
    notes: [...notes, ...(isUnlisted ? [UNLISTED] : [])],
    next: nextOf({ isPython, manifest, script }, tool, options),
  };
}

function manifestOf({ paths, read }: Project): Manifest | undefined {
  if (!paths.includes('package.json')) return undefined;
  try {
    return JSON.parse(read('package.json')) as Manifest;
  } catch {
    return undefined;
  }
}

/** The name of the script that starts the server: `start` where that is free. */
function scriptFor({ scripts = {} }: Manifest): string | undefined {
  const before = Object.entries(scripts).find(([, words]) => /^gunicorn(?:\s|$)/.test(words));
  return before?.[0] ?? (scripts['start'] === undefined ? 'start' : 'start:gunicorn');
}

const UNLISTED =
  'no Dockerfile: neither requirements.txt nor uv.lock says what an image would have to install';

/** An image installs what a file lists; a project that lists it elsewhere has it made by hand. */
function isListed(paths: readonly string[]): boolean {
  return paths.includes('requirements.txt') || paths.includes('uv.lock');
}

function imageOf(
  { name, names, read }: Project,
  { lockfile }: { readonly lockfile: string },
  options: { readonly isPython: boolean; readonly version: string },
): Plan['files'] {
  const texts = SAY_WHAT_IS_NEEDED.filter((file) => names.includes(file)).map((file) => [file, read(file)]);
  // The installation that is asked for next writes a lock file where there is none.
  const all = [...new Set([...names, ...(options.isPython ? [] : [lockfile])])];
  return imageFiles(
    { names: all, texts: Object.fromEntries(texts) },
    { name, madeBy: 'gunicorn init', ...options },
  );
}

const SAY_WHAT_IS_NEEDED = ['package.json', 'pyproject.toml', 'requirements.txt'];

function nextOf(
  {
    isPython,
    manifest,
    script,
  }: { isPython: boolean; manifest: Manifest | undefined; script: string | undefined },
  { add, run }: { add: string; run: string },
  { isFromPip }: InitOptions,
): readonly string[] {
  if (isFromPip || manifest === undefined) return ['gunicorn'];
  const installed = { ...manifest.dependencies, ...manifest.devDependencies };
  const wanted = ['gunicorn-ts', ...(isPython ? ['@gunicorn-ts/python'] : [])];
  const missing = wanted.filter((name) => !(name in installed));
  return [...(missing.length === 0 ? [] : [`${add} ${missing.join(' ')}`]), `${run} ${script}`];
}
