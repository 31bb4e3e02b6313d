import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaunchOptions, Peer } from '../peer.ts';

const home = dirname(fileURLToPath(import.meta.resolve('gunicorn-ts/package.json')));
const command = join(home, 'bin', 'gunicorn.js');

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly workerClass: string;
  /** Path of what it serves when the scenario brings nothing of its own. */
  readonly application: string;
  flags?(options: LaunchOptions): readonly string[];
}

/** The command of this project, without access log unless the variant asks for one. */
export function gunicornTs({ name, title, workerClass, application, flags }: Variant): Peer {
  return {
    name,
    title,
    prepare: () => Promise.resolve(`${version()} on Node.js ${process.version}`),
    launch: (options) => ({
      command: [
        process.execPath,
        command,
        `--worker-class=${workerClass}`,
        ...commonFlags(options),
        ...(flags?.(options) ?? []),
        ...(options.extra ?? []),
        ...target(options.application ?? application),
      ],
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

function version(): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
