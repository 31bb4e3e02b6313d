import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import type {
  AccessRecord,
  Application,
  Hooks,
  Listener,
  Settings,
  TlsMaterial,
  Worker,
  Logger,
  WorkerContext,
} from '@gunicorn-ts/interface';
import { duplicate, openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import eventWorker from '../../src/index.ts';

/** What a test may change about the worker that it starts. */
export interface Circumstances {
  settings?: Partial<Settings>;
  hooks?: Hooks;
  tls?: TlsMaterial;
  accessLog?: boolean;
  listeners?: readonly Listener[];
}

/** A worker of this process, on real sockets. */
export interface RunningWorker {
  readonly worker: Worker;
  readonly port: number;
  readonly origin: string;
  readonly logged: { level: string; message: string }[];
  readonly finished: (AccessRecord | undefined)[];
}

/** `over-streams.test.ts` has every worker of its process use streams. */
function transport(): string {
  return process.env['HTTP_TRANSPORT'] ?? 'auto';
}

export const SETTINGS: Settings = { ...defaultSettings(), backlog: 1024, workers: 1 };

export function tcpListener(): Listener {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 1024 });
  return { fd, address, url: `http://127.0.0.1:${address.port}` };
}

export function unixListener(path: string): Listener {
  const { fd, address } = openUnixListener({ path, backlog: 1024, umask: 0 });
  return { fd, address, url: `unix:${path}` };
}

/** As another worker process would inherit it. */
export function inherited(listener: Listener): Listener {
  return { ...listener, fd: duplicate(listener.fd) };
}

/** Starts the worker class and drains it when the test ends. */
export async function startWorker(
  t: ExecutionContext,
  application: Application,
  circumstances: Circumstances = {},
): Promise<RunningWorker> {
  const listeners = circumstances.listeners ?? [tcpListener()];
  const logged: RunningWorker['logged'] = [];
  const finished: RunningWorker['finished'] = [];
  const stopping = new AbortController();
  const log = (level: string) => (message: string) => void logged.push({ level, message });
  const settings = { ...SETTINGS, httpTransport: transport(), ...circumstances.settings };
  const logger: Logger = {
    debug: log('debug'),
    info: log('info'),
    warning: log('warning'),
    error: log('error'),
    critical: log('critical'),
    isEnabled: () => true,
  };
  const { pid, ppid } = process;
  const context: WorkerContext = {
    listeners,
    settings,
    application,
    log: logger,
    facade: { pid, ppid, age: 1, slot: 1, generation: 1, settings, log: logger },
    hooks: circumstances.hooks ?? {},
    ...(circumstances.tls === undefined ? {} : { tls: circumstances.tls }),
    notify() {},
    accessLog: circumstances.accessLog ?? false,
    requestFinished: (record) => void finished.push(record),
    stopping: stopping.signal,
  };
  const worker = await eventWorker.start(context);
  t.teardown(() => worker.drain(0));
  const [first] = listeners;
  const port = first?.address.kind === 'tcp' ? first.address.port : 0;
  return { worker, port, logged, finished, origin: `http://127.0.0.1:${port}` };
}

/** Waits for what other events bring about; fails the test after ten seconds. */
export async function eventually(holds: () => boolean, what = 'the condition'): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error(`${what} did not come about`);
    await sleep(5);
  }
}

/** A client that sends bytes as they are and remembers what came back. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  ended = false;
  closed = false;
  error: Error | undefined;

  constructor(target: number | Socket) {
    this.socket = typeof target === 'number' ? connect({ port: target, host: '127.0.0.1' }) : target;
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => (this.received += chunk));
    this.socket.on('end', () => (this.ended = true));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', (error) => (this.error = error));
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  async receives(text: string, times = 1): Promise<string> {
    await eventually(
      () => this.received.split(text).length > times,
      `"${text}" in ${JSON.stringify(this.received)}`,
    );
    return this.received;
  }

  async closes(): Promise<string> {
    await eventually(() => this.closed || this.ended, 'the end of the connection');
    return this.received;
  }
}

export function rawClient(t: ExecutionContext, target: number | Socket): RawClient {
  const client = new RawClient(target);
  t.teardown(() => client.socket.destroy());
  return client;
}
