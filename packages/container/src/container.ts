import { parseBind, withoutFlags } from '@gunicorn-ts/config';
import type { Deployment, ExporterOptions } from '@gunicorn-ts/interface';
import { entrypointOf, UID } from '@gunicorn-ts/scaffold';
import { notInContainerError } from './errors.ts';
import { megabytes, type MemoryPlan, memoryPlan } from './memory.ts';
import { numberOption } from './options.ts';
import { outsideWarnings, settingWarnings } from './warnings.ts';
import { type StopPlan, stopPlan } from './stop.ts';

/** How the server runs in a container. Plain data, for whatever starts containers. */
export interface Container {
  readonly name: string;
  readonly deployment: Deployment;
  /** What the image starts. */
  readonly entrypoint: readonly string[];
  /** The arguments of the server. */
  readonly args: readonly string[];
  readonly port: number;
  readonly adminPort: number;
  readonly workers: number;
  readonly memory: MemoryPlan;
  readonly stop: StopPlan;
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** Names of variables that hold secrets: they come from elsewhere. */
  readonly secrets: readonly string[];
  /** Folders that must be writable, where the root is not. */
  readonly writable: readonly string[];
  readonly warnings: readonly string[];
}

/** What runs the container has a say in. */
export interface ContainerPlan {
  /** Seconds that it waits before it sends TERM. */
  readonly preStop?: number;
  /** Whether several copies stand behind a load balancer. */
  readonly isBalanced: boolean;
}

const PORTS = { least: 1, most: 65535 } as const;
/** Of these the container has its own, or none. */
const REPLACED = [
  '-b',
  '--bind',
  '--admin-bind',
  '--chdir',
  '-w',
  '--workers',
  '--shutdown-delay',
  '--access-logfile',
  '--error-logfile',
  '--log-file',
  '--pid',
  '-p',
  '--control-socket',
  '--graceful-timeout',
  '--max-worker-memory',
  // The server that pip installs takes the Python of its own environment; this is one of whoever exports.
  '--python',
];

/**
 * The settings, as a container has them.
 * @throws {OperatorError} `ERR_EXPORT_SETTING`, `ERR_EXPORT_USAGE`, `ERR_EXPORT_DISAGREEMENT`
 */
export function containerOf(
  deployment: Deployment,
  options: ExporterOptions,
  plan: ContainerPlan,
): Container {
  refuseSettings(deployment);
  const { settings, isPython, secrets, name } = deployment;
  const stop = stopPlan(deployment, plan);
  const memory = memoryPlan(deployment, memoryAsked(options));
  const port = numberOption(options, '--port', { ...PORTS, otherwise: tcpPort(settings.bind) ?? 8000 });
  const adminPort = numberOption(options, '--admin-port', {
    ...PORTS,
    otherwise: tcpPort(settings.adminBind === undefined ? [] : [settings.adminBind]) ?? 9000,
  });
  if (port === adminPort) {
    throw notInContainerError(
      'adminBind',
      `it has the port of the application, ${port}`,
      'write --admin-port 9000',
    );
  }
  return {
    name,
    deployment,
    entrypoint: entrypointOf(isPython),
    args: argumentsOf(deployment, { port, adminPort, stop }),
    port,
    adminPort,
    workers: settings.workers,
    memory,
    stop,
    environment: environmentOf(deployment, memory),
    secrets,
    // The control socket, bodies of requests that are too large for memory, and what applications put there.
    writable: ['/tmp'],
    warnings: [...settingWarnings(deployment, memory), ...outsideWarnings(deployment)],
  };
}

function refuseSettings({ settings }: Deployment): void {
  if (settings.daemon) {
    throw notInContainerError('daemon', 'the container ends with the process that it starts', 'remove it');
  }
  if (settings.user !== undefined || settings.group !== undefined || settings.initgroups) {
    const name =
      settings.user === undefined ? (settings.group === undefined ? 'initgroups' : 'group') : 'user';
    throw notInContainerError(
      name,
      `everything in it runs as ${UID}, who may become nobody else`,
      'remove it',
    );
  }
  if (settings.pidfile !== undefined && !settings.pidfile.startsWith('/tmp/')) {
    throw notInContainerError('pidfile', 'the root is read-only, and the server is process 1', 'remove it');
  }
  if (settings.bind.some((bind) => parseBind(bind).kind === 'fd')) {
    throw notInContainerError('bind', 'no systemd hands it a socket there', 'write 0.0.0.0:8000');
  }
}

function memoryAsked(options: ExporterOptions): number | undefined {
  if (!options.has('--memory')) return undefined;
  return numberOption(options, '--memory', { least: 64, most: 1_048_576, otherwise: 0 });
}

/** The port of the first entry that is no unix socket. */
function tcpPort(binds: readonly string[]): number | undefined {
  const ports = binds.map((bind) => parseBind(bind)).flatMap((one) => (one.kind === 'tcp' ? [one.port] : []));
  return ports.find((port) => port !== 0);
}

/** The server's arguments: its own, seen from the folder in the image, with what a container needs otherwise. */
function argumentsOf(
  deployment: Deployment,
  { port, adminPort, stop }: Pick<Container, 'port' | 'adminPort' | 'stop'>,
): string[] {
  const { settings, invocation } = deployment;
  const host = settings.bind.some((bind) => bind.trim().startsWith('[::]')) ? '[::]' : '0.0.0.0';
  return [
    `--bind=${host}:${port}`,
    `--admin-bind=${host}:${adminPort}`,
    `--workers=${settings.workers}`,
    // Said here also where the settings say it, so that whoever reads the arithmetic beside it finds its terms.
    ...(stop.shutdownDelay > 0 ? [`--shutdown-delay=${stop.shutdownDelay}`] : []),
    `--graceful-timeout=${stop.graceful}`,
    ...(settings.maxWorkerMemory > 0 ? [`--max-worker-memory=${megabytes(settings.maxWorkerMemory)}mb`] : []),
    // Whoever runs the container collects what it prints, and its root cannot be written to.
    ...(settings.accesslog === undefined ? [] : ['--access-logfile=-']),
    ...(settings.errorlog === '-' ? [] : ['--error-logfile=-']),
    ...withoutFlags(invocation.argv, REPLACED).map((word) => inImage(word, settings.chdir)),
  ];
}

/** A path below the folder of the application is one below the working directory of the image. */
function inImage(word: string, chdir: string): string {
  const [flag = '', ...values] = word.startsWith('--') ? word.split('=') : ['', word];
  const value = values.join('=');
  const moved = value.startsWith(`${chdir}/`) ? value.slice(chdir.length + 1) : value;
  return flag === '' ? moved : values.length === 0 ? flag : `${flag}=${moved}`;
}

/** These say where things are on the machine of whoever exports, or are flags already. */
const OF_THIS_MACHINE = new Set(['VIRTUAL_ENV', 'PORT', 'WEB_CONCURRENCY']);
/** The part of a worker's memory that the heap of V8 may take: buffers, code and stacks have the rest. */
const HEAP_SHARE = 0.75;

function environmentOf({ environment, isPython }: Deployment, memory: MemoryPlan): [string, string][] {
  const pairs = environment
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    })
    .filter(([name]) => !OF_THIS_MACHINE.has(name));
  if (isPython || pairs.some(([name]) => name === 'NODE_OPTIONS')) return pairs;
  // Otherwise each process sizes its heap as if it had the memory of the whole container.
  const heap = Math.floor(memory.perWorker * HEAP_SHARE);
  return [...pairs, ['NODE_OPTIONS', `--max-old-space-size=${heap}`]];
}
