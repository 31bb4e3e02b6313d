import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  chownSync,
  closeSync,
  fchownSync,
  fstatSync,
  mkdtempSync,
  openSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  type Autopsy,
  type BootMessage,
  MESSAGE_VERSION,
  parseWorkerMessage,
  type Settings,
  type WorkerMessage,
} from '@gunicorn-ts/interface';
import { openTcpListener } from '@gunicorn-ts/posix';
import type { ExecutionContext } from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const SETTINGS: Settings = {
  ...defaultSettings(),
  bind: ['127.0.0.1:0'],
  workerClass: 'small',
  gracefulTimeout: 5,
  autopsy: false,
  chdir: '.',
  accessLogFormat: '%(h)s "%(r)s" %(s)s',
  loglevel: 'debug',
};

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface WorkerOptions {
  /** Files of the temporary folder, by name. `app.ts` is what is served by default. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Settings>;
  readonly boot?: Partial<BootMessage>;
  /** Do not send the boot message. */
  readonly silent?: boolean;
  readonly execArgv?: readonly string[];
  /** Who owns the folder and the heartbeat, as the arbiter would see to. */
  readonly identity?: Identity;
  /** Start the process as somebody else than the test. */
  readonly runAs?: Identity;
}

/** Starts a worker process that ends with the test, however that ends. */
export function startWorker(t: ExecutionContext, options?: WorkerOptions): WorkerUnderTest {
  const worker = new WorkerUnderTest(options);
  t.teardown(() => worker.dispose());
  return worker;
}

/** The least that an arbiter can be: starts one worker process by the spawn contract and notes what it says. */
export class WorkerUnderTest {
  readonly directory: string;
  readonly child: ChildProcess;
  readonly url: string;
  readonly messages: WorkerMessage[] = [];
  readonly lastWords: Autopsy[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #heartbeatFd: number;
  readonly #listenerFd: number;
  readonly #port: number;

  constructor(options: WorkerOptions = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'worker-host-'));
    for (const [name, text] of Object.entries(options.files ?? {})) {
      writeFileSync(join(this.directory, name), text);
    }
    const heartbeatFile = join(this.directory, 'heartbeat');
    this.#heartbeatFd = openSync(heartbeatFile, 'w+', 0o600);
    unlinkSync(heartbeatFile);
    const listener = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 128 });
    this.#listenerFd = listener.fd;
    this.#port = listener.address.port;
    this.url = `http://127.0.0.1:${this.#port}`;
    const owner = options.identity ?? options.runAs;
    if (owner !== undefined) {
      fchownSync(this.#heartbeatFd, owner.uid, owner.gid);
      chownSync(this.directory, owner.uid, owner.gid);
    }
    this.child = spawn(process.execPath, [...(options.execArgv ?? []), ENTRY, ' '.repeat(80)], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', this.#heartbeatFd, 'pipe', listener.fd],
      ...options.runAs,
    });
    this.exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    this.#listen();
    if (options.silent !== true) this.boot(options);
  }

  /** Sends the boot message. */
  boot(options: Pick<WorkerOptions, 'settings' | 'boot'>): void {
    this.child.send({
      type: 'boot',
      version: MESSAGE_VERSION,
      mode: 'serve',
      age: 1,
      slot: 1,
      generation: 1,
      settings: { ...SETTINGS, ...options.settings },
      workerModule: new URL('fixtures/small-worker.ts', import.meta.url).href,
      loaderModules: [],
      prepared: undefined,
      configFile: undefined,
      listeners: [
        { fd: 6, address: { kind: 'tcp', host: '127.0.0.1', port: this.#port, family: 4 }, url: this.url },
      ],
      heartbeatFd: 4,
      lastWordsFd: 5,
      identity: undefined,
      reportFiles: false,
      ...options.boot,
    } satisfies BootMessage);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Time of the last heartbeat, in milliseconds. */
  get heartbeat(): number {
    return fstatSync(this.#heartbeatFd).ctimeMs;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until the output matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(`output like ${pattern}`, () => pattern.exec(this.output) ?? undefined);
  }

  /** Waits for a message of that type. */
  said<T extends WorkerMessage['type']>(type: T): Promise<Extract<WorkerMessage, { type: T }>> {
    return this.#until(`message ${type}`, () =>
      this.messages.find((message): message is Extract<WorkerMessage, { type: T }> => message.type === type),
    );
  }

  /** Waits for the autopsy with that number, from 0, of those that the filter lets through. */
  autopsy(index = 0, filter: (autopsy: Autopsy) => boolean = () => true): Promise<Autopsy> {
    return this.#until('an autopsy', () => this.lastWords.filter(filter)[index]);
  }

  /** Ends the process and removes what was made for it. */
  dispose(): void {
    this.child.kill('SIGKILL');
    closeSync(this.#heartbeatFd);
    closeSync(this.#listenerFd);
    rmSync(this.directory, { recursive: true, force: true });
  }

  #listen(): void {
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#news.emit('news');
      });
    }
    let pending = '';
    (this.child.stdio.at(5) as Readable).setEncoding('utf8').on('data', (text: string) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      this.lastWords.push(...lines.map((line) => JSON.parse(line) as Autopsy));
      this.#news.emit('news');
    });
    this.child.on('message', (message) => {
      const known = parseWorkerMessage(message);
      if (known !== undefined) this.messages.push(known);
      this.#news.emit('news');
    });
    this.child.on('close', () => this.#news.emit('news'));
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const limit = AbortSignal.timeout(20_000);
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      try {
        await once(this.#news, 'news', { signal: limit });
      } catch {
        throw new Error(`waited in vain for ${what}; the worker printed:\n${this.output}`);
      }
    }
  }
}
