export type PackageManagerName = 'npm' | 'pnpm' | 'yarn';

/** What differs between package managers. */
export interface PackageManager {
  readonly name: PackageManagerName;
  readonly lockfile: string;
  /** How it is typed: `npm install`, `npm install gunicorn-ts`, `npm run dev`. */
  readonly install: string;
  readonly add: string;
  readonly run: string;
}

export const PACKAGE_MANAGERS: Readonly<Record<PackageManagerName, PackageManager>> = {
  npm: {
    name: 'npm',
    lockfile: 'package-lock.json',
    install: 'npm install',
    add: 'npm install',
    run: 'npm run',
  },
  pnpm: {
    name: 'pnpm',
    lockfile: 'pnpm-lock.yaml',
    install: 'pnpm install',
    add: 'pnpm add',
    run: 'pnpm run',
  },
  yarn: {
    name: 'yarn',
    lockfile: 'yarn.lock',
    install: 'yarn install',
    add: 'yarn add',
    run: 'yarn run',
  },
};

/** The package manager that started this process, by what it says of itself: `pnpm/12.0.0 npm/? node/v24.1.0`. */
export function managerOf(userAgent: string | undefined): PackageManagerName {
  const name = userAgent?.split('/', 1)[0];
  return name === 'pnpm' || name === 'yarn' ? name : 'npm';
}

/** The package manager whose lock file lies in a project. */
export function managerOfFiles(paths: readonly string[]): PackageManagerName | undefined {
  return Object.values(PACKAGE_MANAGERS).find(({ lockfile }) => paths.includes(lockfile))?.name;
}
