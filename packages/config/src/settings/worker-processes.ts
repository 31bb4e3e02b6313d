import { countCpus } from '../cpus.ts';
import { defineSection, type Definitions } from '../definition.ts';
import { shortWorkerClass } from '../gunicorn-worker-class.ts';
import { bytes, seconds, text, wholeNumber, yesOrNo } from '../value.ts';

/** The sync worker is built on system calls of Linux. */
export const DEFAULT_WORKER_CLASS: string = process.platform === 'linux' ? 'sync' : 'event';

type Keys =
  | 'workers'
  | 'workerClass'
  | 'workerConnections'
  | 'maxRequests'
  | 'maxRequestsJitter'
  | 'workerLifetime'
  | 'maxWorkerMemory'
  | 'timeout'
  | 'gracefulTimeout'
  | 'shutdownDelay'
  | 'bootTimeout'
  | 'keepalive'
  | 'headersTimeout'
  | 'requestTimeout'
  | 'autopsy';

function workerCount(value: unknown): number {
  if (typeof value === 'string' && value.trim().toLowerCase() === 'auto') return countCpus();
  try {
    return wholeNumber()(value);
  } catch (error) {
    throw new TypeError((error as Error).message.replace('or more', 'or more, or "auto"'), { cause: error });
  }
}

export const workerProcessSettings: Definitions<Keys> = defineSection('Worker Processes', {
  workers: {
    describe: 'Number of worker processes, or `auto`: as many as the cores that the cgroup allows.',
    default: (env) => workerCount(env['WEB_CONCURRENCY'] || 1),
    defaultText: `the environment's \`WEB_CONCURRENCY\`, or 1`,
    parse: workerCount,
    flag: { names: ['--workers'], short: '-w', kind: 'value', metavar: 'INT' },
    example: `'auto'`,
  },
  workerClass: {
    describe:
      'How connections are taken and served. `sync`: one request at a time, taken from the kernel only when the worker is free. `event`: many at a time on the event loop, with keep-alive and WebSockets; `gthread` and `gevent` mean it too. Or an npm package, or a path (`./my-worker.ts`).',
    default: DEFAULT_WORKER_CLASS,
    defaultText: '`sync`, and `event` where the system is not Linux',
    parse: (value) => shortWorkerClass(text(value)),
    flag: { names: ['--worker-class'], short: '-k', kind: 'value', metavar: 'NAME' },
    example: `'event'`,
  },
  workerConnections: {
    describe:
      'Connections a worker holds at a time, open WebSockets and idle ones among them; at the limit it stops accepting, says so in the log, and the kernel keeps the rest.',
    default: 1000,
    parse: wholeNumber(1),
    flag: { names: ['--worker-connections'], kind: 'value', metavar: 'INT' },
    example: '1000',
  },
  maxRequests: {
    describe: 'Replace a worker after this many requests; 0 is never.',
    default: 0,
    parse: wholeNumber(),
    flag: { names: ['--max-requests'], kind: 'value', metavar: 'INT' },
    example: '10_000',
  },
  maxRequestsJitter: {
    describe:
      'Add a random number of requests between 0 and this to `maxRequests`, so that workers are not replaced together.',
    default: 0,
    parse: wholeNumber(),
    flag: { names: ['--max-requests-jitter'], kind: 'value', metavar: 'INT' },
    example: '1_000',
  },
  workerLifetime: {
    describe: 'Replace a worker that is older than this many seconds; 0 is never.',
    unit: 's',
    default: 0,
    parse: seconds,
    flag: { names: ['--worker-lifetime'], kind: 'value', metavar: 'SECONDS' },
    example: '3600',
  },
  maxWorkerMemory: {
    describe:
      'Replace a worker whose resident memory, with that of its Python process, exceeds this many bytes (`512mb` is understood); 0 is never.',
    unit: 'bytes',
    default: 0,
    parse: bytes,
    flag: { names: ['--max-worker-memory'], kind: 'value', metavar: 'SIZE' },
    example: `'512mb'`,
  },
  timeout: {
    describe:
      'Seconds of silence after which a worker counts as hung: its autopsy is logged and it is killed; 0 is never.',
    unit: 's',
    default: 30,
    parse: seconds,
    flag: { names: ['--timeout'], short: '-t', kind: 'value', metavar: 'SECONDS' },
    example: '30',
  },
  gracefulTimeout: {
    describe:
      "Seconds a worker gets to finish its requests when it stops, and a reload's first worker to become ready.",
    unit: 's',
    default: 30,
    parse: seconds,
    flag: { names: ['--graceful-timeout'], kind: 'value', metavar: 'SECONDS' },
    example: '30',
  },
  shutdownDelay: {
    describe:
      'Seconds between the TERM that asks for a stop and the stop: `/readyz` says that the server is not ready, and it serves on. INT and QUIT, or a second TERM, do not wait.',
    unit: 's',
    default: 0,
    parse: seconds,
    flag: { names: ['--shutdown-delay'], kind: 'value', metavar: 'SECONDS' },
    example: '5',
  },
  bootTimeout: {
    describe: 'Seconds a worker gets from its start until it serves; 0 is for ever.',
    unit: 's',
    default: 60,
    parse: seconds,
    flag: { names: ['--boot-timeout'], kind: 'value', metavar: 'SECONDS' },
    example: '60',
  },
  keepalive: {
    describe: 'Seconds an idle connection is kept for a further request; 0 closes after each response.',
    unit: 's',
    default: 2,
    parse: seconds,
    flag: { names: ['--keep-alive'], kind: 'value', metavar: 'SECONDS' },
    example: '75',
  },
  headersTimeout: {
    describe: 'Seconds a client gets to send a complete request head; 0 is for ever.',
    unit: 's',
    default: 60,
    parse: seconds,
    flag: { names: ['--headers-timeout'], kind: 'value', metavar: 'SECONDS' },
    example: '10',
  },
  requestTimeout: {
    describe:
      "Seconds a request may take, from its head to the end of its response; then the client gets a 504 and the application's signal is aborted. 0 is for ever.",
    unit: 's',
    default: 0,
    parse: seconds,
    flag: { names: ['--request-timeout'], kind: 'value', metavar: 'SECONDS' },
    example: '30',
  },
  autopsy: {
    describe:
      'Watch each worker from a thread of its own that can say where it hung; costs about 12 MB a worker.',
    default: true,
    parse: yesOrNo,
    flag: { names: ['--no-autopsy'], kind: 'switch', sets: false },
    example: 'false',
  },
});
