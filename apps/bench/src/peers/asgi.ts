import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hello } from '../applications.ts';
import { printedBy } from '../command.ts';
import { pythonEnvironment } from '../installation.ts';
import type { LaunchOptions, Peer } from '../peer.ts';

const PACKAGES = [
  'gunicorn==27.0.1',
  'uvicorn==0.54.0',
  'uvicorn-worker==0.4.0',
  'uvloop==0.23.0',
  'httptools==0.9.0',
  'websockets==17.4',
  'fastapi==0.165.0',
];
const home = dirname(fileURLToPath(import.meta.resolve('gunicorn-ts/package.json')));
const SPARE_CONNECTIONS = 20;
let bin = '';

/** What is served, in all of them. */
interface Variant {
  /** What is added to the names. */
  readonly name: string;
  readonly title: string;
  readonly application: string;
  readonly logs?: boolean;
}

/** The same application under each server, in one interpreter. */
export interface AsgiField {
  readonly ours: Peer;
  /** With uvloop and httptools. */
  readonly uvicorn: Peer;
  /** As a bare `pip install uvicorn` has it: h11 and asyncio. */
  readonly bareUvicorn: Peer;
  readonly gunicorn: Peer;
  readonly gunicornUvicorn: Peer;
}

function field(variant: Variant): AsgiField {
  const { application, logs = false } = variant;
  const named = `${basename(application, '.py')}:application`;
  const folder = dirname(application);
  const gunicornFlags = (
    workerClass: string,
    { port, workers, connections, folder: own }: LaunchOptions,
  ): string[] => [
    `--worker-class=${workerClass}`,
    `--workers=${workers}`,
    `--bind=127.0.0.1:${port}`,
    `--chdir=${folder}`,
    // Beyond those that are measured, one or the other asks whether the server is there.
    ...(connections === undefined ? [] : [`--worker-connections=${connections + SPARE_CONNECTIONS}`]),
    ...(logs ? [`--access-logfile=${join(own, 'access.log')}`] : []),
    named,
  ];
  const uvicorn = (name: string, title: string, flags: readonly string[]): Peer =>
    peer(variant, name, title, ({ port, workers, folder: own }) => {
      const command = [
        join(bin, 'uvicorn'),
        `--workers=${workers}`,
        `--port=${port}`,
        `--app-dir=${folder}`,
        ...flags,
        ...(logs ? [] : ['--no-access-log']),
        named,
      ];
      // It writes its access log to its standard output alone.
      return logs ? ['sh', '-c', 'exec "$@" > "$0"', join(own, 'access.log'), ...command] : command;
    });
  return {
    ours: peer(variant, 'ours', 'gunicorn-ts', (options) => [
      process.execPath,
      join(home, 'bin', 'gunicorn.js'),
      `--python=${join(bin, 'python')}`,
      ...gunicornFlags('asgi', options),
    ]),
    uvicorn: uvicorn('uvicorn', 'uvicorn', ['--loop=uvloop', '--http=httptools', '--ws=websockets']),
    bareUvicorn: uvicorn('uvicorn-h11', 'uvicorn on h11 and asyncio', ['--loop=asyncio', '--http=h11']),
    gunicorn: peer(variant, 'gunicorn', 'Gunicorn', (options) => [
      join(bin, 'gunicorn'),
      '--no-control-socket',
      ...gunicornFlags('asgi', options),
    ]),
    gunicornUvicorn: peer(variant, 'gunicorn-uvicorn', "Gunicorn with uvicorn's worker", (options) => [
      join(bin, 'gunicorn'),
      '--no-control-socket',
      ...gunicornFlags('uvicorn_worker.UvicornWorker', options),
    ]),
  };
}

function peer(
  { name, title }: Variant,
  server: string,
  serverTitle: string,
  commandOf: (options: LaunchOptions) => readonly string[],
): Peer {
  return {
    name: `asgi-${server}${name}`,
    title: `${serverTitle}${title} (ASGI)`,
    prepare,
    launch: (options) => ({ command: commandOf(options) }),
  };
}

async function prepare(): Promise<string> {
  bin = join(await pythonEnvironment(PACKAGES), 'bin');
  const python = await printedBy(join(bin, 'python'), '--version');
  return `${PACKAGES.map((one) => one.replace('==', ' ')).join(', ')}, ${python}`;
}

export const asgiHello: AsgiField = field({ name: '', title: '', application: hello.asgi });
export const asgiFastApi: AsgiField = field({
  name: '-fastapi',
  title: ', FastAPI',
  application: hello.fastApi,
});
export const asgiLogged: AsgiField = field({
  name: '-log',
  title: ', access log',
  application: hello.asgi,
  logs: true,
});

export const ASGI_PEERS: readonly Peer[] = [asgiHello, asgiFastApi, asgiLogged].flatMap((one) =>
  Object.values(one as unknown as Record<string, Peer>),
);
