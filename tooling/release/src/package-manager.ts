import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn';

/** A way to install packages into a folder, as its users type it. */
export interface PackageManager {
  readonly name: ManagerName;
  readonly version: string;
  /** Words in front of the names of packages. */
  readonly add: readonly string[];
  /** Words in front of the folder of a new project, and between it and flags. */
  readonly create: readonly string[];
  readonly dashes: readonly string[];
  /** Installs what a `package.json` names. */
  readonly install: readonly string[];
  /** Files that stand in the folder before: where the registry is, and nothing else that users do not have. */
  readonly files: (registry: string) => Readonly<Record<string, string>>;
}

const YARN = createRequire(import.meta.url).resolve('@yarnpkg/cli-dist/bin/yarn.js');
const npmrc = (registry: string): Record<string, string> => ({ '.npmrc': `registry=${registry}/\n` });

/** npm and pnpm of this machine, and the yarn that this package depends on. */
export function packageManagers(): readonly PackageManager[] {
  return [
    {
      name: 'npm',
      version: versionOf(['npm']),
      add: ['npm', 'install'],
      create: ['npm', 'create', '--yes', 'gunicorn-ts@latest'],
      dashes: ['--'],
      install: ['npm', 'install'],
      files: npmrc,
    },
    {
      name: 'pnpm',
      version: versionOf(['pnpm']),
      add: ['pnpm', 'add'],
      create: ['pnpm', 'create', 'gunicorn-ts@latest'],
      dashes: [],
      install: ['pnpm', 'install'],
      files: npmrc,
    },
    {
      name: 'yarn',
      version: versionOf([process.execPath, YARN]),
      add: [process.execPath, YARN, 'add'],
      create: [process.execPath, YARN, 'create', 'gunicorn-ts'],
      dashes: [],
      // A new folder has no lock file yet, and where CI is set yarn would not write one.
      install: [process.execPath, YARN, 'install', '--no-immutable'],
      files: (registry) => ({
        // An empty one says that this folder is a project of its own.
        'yarn.lock': '',
        '.yarnrc.yml': [
          `npmRegistryServer: '${registry}'`,
          "unsafeHttpWhitelist: ['127.0.0.1']",
          'nodeLinker: node-modules',
          'enableTelemetry: false',
          '',
        ].join('\n'),
      }),
    },
  ];
}

function versionOf([program = '', ...words]: readonly string[]): string {
  return execFileSync(program, [...words, '--version'], { encoding: 'utf8', cwd: '/' }).trim();
}

/** What became of a command. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** A place where nothing of this checkout, and nothing of the user, can be found. */
export class EmptyHome {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
  }

  /** The environment of a new user of this machine, with the Node.js that this runs on in front. */
  env(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(([name]) =>
      /^(?:LANG|LC_.*|TZ|SSL_.*|NODE_EXTRA_CA_CERTS)$/.test(name),
    );
    const path = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.startsWith(ROOT));
    return {
      ...Object.fromEntries(kept),
      PATH: [dirname(process.execPath), ...path].join(delimiter),
      HOME: this.path,
      XDG_CACHE_HOME: join(this.path, '.cache'),
      XDG_DATA_HOME: join(this.path, '.local/share'),
      YARN_ENABLE_GLOBAL_CACHE: 'true',
      npm_config_update_notifier: 'false',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
  }

  /** Runs a command to its end; one that takes longer than five minutes is ended. */
  run(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const [program = '', ...args] = words;
    const started = performance.now();
    return new Promise((resolve) => {
      const options = { cwd, env: { ...this.env(), ...env }, timeout: 300_000, maxBuffer: 1 << 26 };
      execFile(program, args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        const seconds = (performance.now() - started) / 1000;
        resolve({ code, output: stdout + stderr, seconds });
      });
    });
  }
}

/** An empty folder, as a new project of this package manager is. */
export function emptyProject(folder: string, manager: PackageManager, registry: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'new-project', version: '1.0.0', private: true, type: 'module' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, text] of Object.entries(manager.files(registry))) writeFileSync(join(folder, name), text);
}
