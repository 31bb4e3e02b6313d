import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesAt } from '../applications/packages.ts';
import { npmFolder } from '../installation.ts';
import type { LaunchOptions, Peer } from '../peer.ts';

const OWN = dirname(fileURLToPath(import.meta.resolve('gunicorn-ts/package.json')));

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly workerClass: string;
  /** Path of what it serves when the scenario brings nothing of its own. */
  readonly application: string;
  /** npm packages that the application loads, with their versions. */
  readonly packages?: readonly string[];
  /** The folder of the command. Default: this checkout's. @throws {NotInstalled} when there is none */
  home?(): string;
  flags?(options: LaunchOptions): readonly string[];
}

/** The command of this project, without access log unless the variant asks for one. */
export function gunicornTs({
  name,
  title,
  workerClass,
  application,
  packages = [],
  home = () => OWN,
  flags = () => [],
}: Variant): Peer {
  let environment: Readonly<Record<string, string>> = {};
  return {
    name,
    title,
    async prepare() {
      const version = versionAt(home());
      if (packages.length > 0) environment = packagesAt(await npmFolder(packages));
      return [`${version} on Node.js ${process.version}`, ...packages].join(', ');
    },
    launch: (options) => ({
      command: [
        process.execPath,
        join(home(), 'bin', 'gunicorn.js'),
        `--worker-class=${workerClass}`,
        ...commonFlags(options),
        ...flags(options),
        ...(options.extra ?? []),
        ...target(options.application ?? application),
      ],
      environment,
      reload: 'HUP',
    }),
  };
}

function commonFlags({ workers, port, connections, keepAlive, timeout }: LaunchOptions): string[] {
  return [
    `--workers=${workers}`,
    `--bind=127.0.0.1:${port}`,
    ...(connections === undefined ? [] : [`--worker-connections=${connections}`]),
    ...(keepAlive === undefined ? [] : [`--keep-alive=${keepAlive}`]),
    ...(timeout === undefined ? [] : [`--timeout=${timeout}`]),
  ];
}

function target(application: string): string[] {
  const file = basename(application);
  // Of a Python file the name of the module, as Gunicorn wants it.
  const name = file.endsWith('.py') ? `${basename(file, '.py')}:application` : file;
  return [`--chdir=${dirname(application)}`, name];
}

function versionAt(home: string): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
