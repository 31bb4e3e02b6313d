import { basename, dirname, join } from 'node:path';
import { hello } from '../applications.ts';
import { printedBy } from '../command.ts';
import { pythonEnvironment } from '../installation.ts';
import type { LaunchOptions, Peer } from '../peer.ts';

const PACKAGES = ['gunicorn==27.0.1', 'gevent==26.9.0', 'packaging==25.0'];
let bin = '';

/** Gunicorn itself, from PyPI, in an environment of its own. */
function gunicornPython(workerClass: string, ...flags: readonly string[]): Peer {
  return {
    name: `gunicorn-${workerClass}`,
    title: `Gunicorn ${workerClass}`,
    async prepare() {
      bin = join(await pythonEnvironment(PACKAGES), 'bin');
      const [gunicorn, python] = await Promise.all([
        printedBy(join(bin, 'gunicorn'), '--version'),
        printedBy(join(bin, 'python'), '--version'),
      ]);
      return `${gunicorn.replace(/^.*version /, '').replace(')', '')} on ${python}`;
    },
    launch: (options) => ({
      command: [
        join(bin, 'gunicorn'),
        `--worker-class=${workerClass}`,
        ...flags,
        ...commonFlags(options),
        `--chdir=${dirname(hello.python)}`,
        `${basename(hello.python, '.py')}:application`,
      ],
      reload: 'HUP',
    }),
  };
}

function commonFlags({ port, workers, connections }: LaunchOptions): string[] {
  return [
    `--workers=${workers}`,
    `--bind=127.0.0.1:${port}`,
    '--no-control-socket',
    ...(connections === undefined ? [] : [`--worker-connections=${connections}`]),
  ];
}

export const gunicornSync: Peer = gunicornPython('sync');
export const gunicornGthread: Peer = gunicornPython('gthread', '--threads=4');
export const gunicornGevent: Peer = gunicornPython('gevent');
