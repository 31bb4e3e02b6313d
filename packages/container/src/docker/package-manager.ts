import type { ProjectFiles } from '@gunicorn-ts/interface';

/** What installs the dependencies of a project in an image. */
export type PackageManager =
  | { readonly kind: 'pnpm'; readonly version: string; readonly files: readonly string[] }
  | { readonly kind: 'npm'; readonly hasLock: boolean; readonly files: readonly string[] }
  | { readonly kind: 'yarn'; readonly isClassic: boolean; readonly files: readonly string[] }
  | { readonly kind: 'uv'; readonly files: readonly string[] }
  | { readonly kind: 'pip'; readonly requirements: string | undefined; readonly files: readonly string[] };

/** Where neither the lock file nor `packageManager` says which pnpm. */
const PNPM = '10';

/** By the lock file that lies there: whoever wrote it last is who installs. */
export function packageManagerOf(project: ProjectFiles, isPython: boolean): PackageManager {
  return isPython ? ofPython(project) : ofNode(project);
}

function ofNode({ names, texts }: ProjectFiles): PackageManager {
  const manifest = manifestOf(texts['package.json']);
  const has = (...files: string[]): string[] => files.filter((file) => names.includes(file));
  const always = ['package.json', ...has('.npmrc')];
  const [named = '', version = ''] = (manifest.packageManager ?? '').split(/[@+]/);
  if (names.includes('pnpm-lock.yaml')) {
    const files = [...always, ...has('pnpm-lock.yaml', 'pnpm-workspace.yaml')];
    return { kind: 'pnpm', version: named === 'pnpm' && version !== '' ? version : PNPM, files };
  }
  if (names.includes('yarn.lock')) {
    const isClassic = !names.includes('.yarnrc.yml');
    return { kind: 'yarn', isClassic, files: [...always, ...has('yarn.lock', '.yarnrc.yml')] };
  }
  const hasLock = names.includes('package-lock.json');
  return { kind: 'npm', hasLock, files: [...always, ...has('package-lock.json')] };
}

function ofPython({ names }: ProjectFiles): PackageManager {
  if (names.includes('uv.lock')) return { kind: 'uv', files: ['pyproject.toml', 'uv.lock'] };
  const requirements = names.includes('requirements.txt') ? 'requirements.txt' : undefined;
  return { kind: 'pip', requirements, files: requirements === undefined ? [] : [requirements] };
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
