import type {
  AccessRecord,
  Application,
  Hooks,
  Listener,
  Logger,
  Meter,
  Settings,
  WorkerContext,
} from '@gunicorn-ts/interface';
import { openTcpListener } from '@gunicorn-ts/posix';
import type { ExecutionContext } from 'ava';
import { defaultSettings } from '../../config/test/unit/default-settings.ts';
import { ApplicationServer, type ApplicationServerOptions } from '../src/index.ts';

/** What a test may change about the server that it starts. */
export interface Circumstances extends Partial<Omit<ApplicationServerOptions, 'context'>> {
  readonly settings?: Partial<Settings>;
  readonly hooks?: Hooks;
  readonly accessLog?: boolean;
  readonly meter?: Meter;
}

/** A server of this process, on a real socket. */
export interface RunningServer {
  readonly server: ApplicationServer;
  readonly port: number;
  readonly origin: string;
  readonly logged: { readonly level: string; readonly message: string }[];
  readonly finished: (AccessRecord | undefined)[];
}

function tcpListener(): Listener & { address: { port: number } } {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 1024 });
  return { fd, address, url: `http://127.0.0.1:${address.port}` };
}

/** Serves an application as a worker class does, and drains it when the test ends. */
export async function serving(
  t: ExecutionContext,
  application: Application,
  circumstances?: Circumstances,
): Promise<RunningServer> {
  const running = await startServing(application, circumstances);
  t.teardown(() => running.server.drain(0));
  return running;
}

/** The same, of whoever drains it himself. */
export async function startServing(
  application: Application,
  { settings: changed, hooks = {}, accessLog = false, meter, ...options }: Circumstances = {},
): Promise<RunningServer> {
  const listener = tcpListener();
  const logged: { level: string; message: string }[] = [];
  const finished: (AccessRecord | undefined)[] = [];
  const log = (level: string) => (message: string) => void logged.push({ level, message });
  const logger: Logger = {
    debug: log('debug'),
    info: log('info'),
    warning: log('warning'),
    error: log('error'),
    critical: log('critical'),
    isEnabled: () => true,
  };
  const settings = { ...defaultSettings(), backlog: 1024, workers: 1, ...changed };
  const { pid, ppid } = process;
  const context: WorkerContext = {
    listeners: [listener],
    settings,
    application,
    log: logger,
    facade: { pid, ppid, age: 1, slot: 1, generation: 1, settings, log: logger },
    hooks,
    notify() {},
    accessLog,
    ...(meter && { meter }),
    requestFinished: (record) => void finished.push(record),
    stopping: new AbortController().signal,
  };
  const server = await ApplicationServer.create({ context, ...options });
  server.listen();
  const { port } = listener.address;
  return { server, port, origin: `http://127.0.0.1:${port}`, logged, finished };
}
