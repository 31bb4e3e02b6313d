import type { ProjectFiles } from '@gunicorn-ts/interface';

/** What installs the dependencies of a project in an image. */
export type Installer =
  | { readonly kind: 'pnpm'; readonly version: string; readonly files: readonly string[] }
  | { readonly kind: 'npm'; readonly hasLock: boolean; readonly files: readonly string[] }
  | {
      readonly kind: 'yarn';
      readonly isClassic: boolean;
      readonly version: string;
      readonly files: readonly string[];
    }
  | { readonly kind: 'uv' }
  | { readonly kind: 'pip'; readonly requirements: string | undefined; readonly needsProject: boolean };

const REQUIREMENTS = 'requirements.txt';
/** As `pnpm@10.1.0+sha512.…`. */
const PACKAGE_MANAGER = /^(\w+)@([\w.-]+)(?:\+\S*)?$/;
/** Where neither the lock file nor `packageManager` says which: they read the lock files of all that are in use. */
const PNPM = '10';
const YARN = { classic: '1', later: '4' };
/** Lines of requirements.txt that lead to other files of the project: without these nothing can be installed. */
const LEADS_FURTHER = /^\s*(?:-[rce]\b|--(?:requirement|constraint|editable)\b|\.|file:)/m;

/** By the lock file that lies there: whoever wrote it last is who installs. */
export function installerOf(project: ProjectFiles, isPython: boolean): Installer {
  return isPython ? ofPython(project) : ofNode(project);
}

function ofNode({ names, texts }: ProjectFiles): Installer {
  const manifest = manifestOf(texts['package.json']);
  const has = (...files: string[]): string[] => files.filter((file) => names.includes(file));
  const always = ['package.json', ...has('.npmrc')];
  // Into a command of the image goes what is a name and a version, and nothing behind it.
  const [, named, version] = PACKAGE_MANAGER.exec(manifest.packageManager ?? '') ?? [];
  const versionOf = (kind: string): string | undefined => (named === kind ? version : undefined);
  if (names.includes('pnpm-lock.yaml')) {
    const files = [...always, ...has('pnpm-lock.yaml', 'pnpm-workspace.yaml')];
    return { kind: 'pnpm', version: versionOf('pnpm') ?? PNPM, files };
  }
  if (names.includes('yarn.lock')) {
    const given = versionOf('yarn');
    const isClassic = given === undefined ? !names.includes('.yarnrc.yml') : given.startsWith('1.');
    const files = [...always, ...has('yarn.lock', '.yarnrc.yml')];
    return { kind: 'yarn', isClassic, version: given ?? YARN[isClassic ? 'classic' : 'later'], files };
  }
  const hasLock = names.includes('package-lock.json');
  return { kind: 'npm', hasLock, files: [...always, ...has('package-lock.json')] };
}

function ofPython({ names, texts }: ProjectFiles): Installer {
  if (names.includes('uv.lock')) return { kind: 'uv' };
  // Where nothing lists them, that is the file to write.
  const requirements = dependencyFile({ names, texts }, true) === REQUIREMENTS ? REQUIREMENTS : undefined;
  const needsProject = requirements === undefined || LEADS_FURTHER.test(texts[requirements] ?? '');
  return { kind: 'pip', requirements, needsProject };
}

interface Manifest {
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

function manifestOf(text: string | undefined): Manifest {
  try {
    const manifest: unknown = JSON.parse(text ?? '{}');
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    // npm says of it what is wrong, better than we.
    return {};
  }
}

/** Whether the project has to be built before it can be served. */
export function hasBuild({ texts }: ProjectFiles): boolean {
  return manifestOf(texts['package.json']).scripts?.['build'] !== undefined;
}

/** The file in which a project names what is installed of its dependencies in an image. */
export function dependencyFile({ names }: ProjectFiles, isPython: boolean): string {
  if (!isPython) return 'package.json';
  if (names.includes('uv.lock') || !names.includes(REQUIREMENTS)) {
    const named = ['pyproject.toml', 'setup.py', 'setup.cfg'].find((file) => names.includes(file));
    if (named !== undefined) return named;
  }
  return REQUIREMENTS;
}

/** Whether the server is among them. */
export function namesServer(project: ProjectFiles, isPython: boolean): boolean {
  return /\bgunicorn-ts\b/.test(project.texts[dependencyFile(project, isPython)] ?? '');
}
