import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hello } from '../applications.ts';
import { printedBy } from '../command.ts';
import { pythonEnvironment } from '../installation.ts';
import type { LaunchOptions, Peer } from '../peer.ts';

const PACKAGES = ['gunicorn==27.0.1', 'gevent==26.9.0', 'packaging==25.0', 'Django==5.2.19'];
const home = dirname(fileURLToPath(import.meta.resolve('gunicorn-ts/package.json')));
let bin = '';

interface Variant {
  /** What is added to `python-` and `gunicorn-wsgi-`. */
  readonly name: string;
  readonly title: string;
  readonly application: string;
  readonly flags: readonly string[];
  /** Ours has one worker, and so many Python processes behind it. */
  readonly isBehindOne?: boolean;
}

/** Both servers with the same flags and the same application, in one interpreter. */
export interface PythonPair {
  readonly ours: Peer;
  readonly gunicorn: Peer;
}

function pair({ name, title, application, flags, isBehindOne = false }: Variant): PythonPair {
  const common = ({ port, extra = [] }: LaunchOptions, many: readonly string[]): string[] => [
    ...flags,
    ...extra,
    ...many,
    `--bind=127.0.0.1:${port}`,
    `--chdir=${dirname(application)}`,
    `${basename(application, '.py')}:application`,
  ];
  return {
    ours: {
      name: `python-${name}`,
      title: `gunicorn-ts ${title}`,
      prepare,
      launch: (options) => ({
        command: [
          process.execPath,
          join(home, 'bin', 'gunicorn.js'),
          `--python=${join(bin, 'python')}`,
          ...common(
            options,
            isBehindOne ? ['--workers=1', `--processes=${options.workers}`] : workersOf(options),
          ),
        ],
      }),
    },
    gunicorn: {
      name: `gunicorn-wsgi-${name}`,
      title: `Gunicorn ${title} (WSGI)`,
      prepare,
      launch: (options) => ({
        command: [join(bin, 'gunicorn'), '--no-control-socket', ...common(options, workersOf(options))],
      }),
    },
  };
}

function workersOf({ workers }: LaunchOptions): readonly string[] {
  return [`--workers=${workers}`];
}

async function prepare(): Promise<string> {
  bin = join(await pythonEnvironment(PACKAGES), 'bin');
  return printedBy(join(bin, 'python'), '--version');
}

const sync = ['--worker-class=sync'];
const gthread = ['--worker-class=gthread', '--threads=4'];
const gevent = ['--worker-class=gevent'];

export const pythonSync: PythonPair = pair({
  name: 'sync',
  title: 'sync, Python',
  application: hello.python,
  flags: sync,
});
export const pythonGthread: PythonPair = pair({
  name: 'gthread',
  title: 'gthread, Python',
  application: hello.python,
  flags: gthread,
});
export const pythonGevent: PythonPair = pair({
  name: 'gevent',
  title: 'gevent, Python',
  application: hello.python,
  flags: gevent,
});
export const djangoSync: PythonPair = pair({
  name: 'django',
  title: 'sync, Django',
  application: hello.django,
  flags: sync,
});

export const djangoPreload: PythonPair = pair({
  name: 'django-preload',
  title: 'sync, Django, preloaded',
  application: hello.django,
  flags: [...sync, '--preload'],
});
export const djangoProcesses: PythonPair = pair({
  name: 'django-processes',
  title: 'sync, Django, preloaded, one worker with processes',
  application: hello.django,
  flags: [...sync, '--preload'],
  isBehindOne: true,
});

export const PYTHON_PEERS: readonly Peer[] = [
  ...[pythonSync, pythonGthread, pythonGevent, djangoSync, djangoPreload].flatMap(({ ours, gunicorn }) => [
    ours,
    gunicorn,
  ]),
  djangoProcesses.ours,
];
