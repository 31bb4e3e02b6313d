import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, type LogLevel, OperatorError, type PrepareContext } from '@gunicorn-ts/interface';
import { makePrivateFolder, temporaryPlaces } from '@gunicorn-ts/posix';
import { withOutput } from './captured-output.ts';
import { PythonFailure } from './errors.ts';
import { checkVersion, type Interpreter } from './interpreter.ts';
import { loadError } from './load-error.ts';
import { CallFailed, type MasterPlace, MasterProcess, withoutArbiters } from './master-process.ts';
import { takeSpare } from './spare-master.ts';

/** What the master is told of the application, beside what it finds out itself; see PROTOCOL.md. */
export type MasterOptions = Readonly<Record<string, unknown>> & {
  readonly mode: 'sync' | 'threads' | 'gevent' | 'asgi';
  /** The configuration file in Python, if there is one. */
  readonly conf?: string;
  /** Where what is printed goes, with `captureOutput`. */
  readonly output?: string;
};

/** What a master says once workers can come. */
interface Prepared {
  readonly pid: number;
  readonly python: string;
  readonly executable: string;
  readonly files: readonly string[];
  readonly hooks: readonly string[];
  /** The least severe level of entries of the server that its loggers want. */
  readonly entries: LogLevel | null;
}

/** The server does not serve before they are over, so nobody is kept waiting by them. */
const OF_THE_START: ReadonlySet<string> = new Set(['on_starting', 'when_ready']);

const LOOK_EVERY_MS = 1000;
/** Between ABRT, which shows where it hangs, and KILL. */
const ABORT_GRACE_MS = 500;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** How long the end of the arbiter waits for that of a master whose workers have ended. */
const FAREWELL_MS = 2000;

/** Keeps a master for one generation: started again when it ends, hangs or is stopped. Lives in the arbiter. */
export class Master {
  /** Path of the socket at which workers ask for a process. It stays while masters come and go. */
  readonly address: string;
  readonly #folder: string;
  readonly #interpreter: Interpreter;
  readonly #context: PrepareContext;
  readonly #options: MasterOptions;
  readonly #log: Logger;
  #process: MasterProcess;
  #facts: Readonly<Record<string, unknown>> = {};
  #watch: NodeJS.Timeout | undefined;
  #isClosed = false;
  #level: LogLevel | undefined;
  #delayMs = FIRST_DELAY_MS;
  readonly #removeAtExit = (): void => rmSync(this.#folder, { recursive: true, force: true });

  constructor(
    start: { readonly interpreter: Interpreter; readonly process?: MasterProcess | undefined },
    options: MasterOptions,
    context: PrepareContext,
  ) {
    const { identity, settings, env, log } = context;
    this.#interpreter = start.interpreter;
    this.#context = context;
    this.#options = options;
    this.#log = log;
    const places = temporaryPlaces('small', settings.workerTmpDir, env);
    this.#folder = makePrivateFolder('the socket of the Python master', places, identity);
    this.address = join(this.#folder, 'socket');
    this.#process = start.process ?? this.#spare() ?? this.#spawn();
    process.once('exit', this.#removeAtExit);
  }

  /**
   * Lets workers come.
   * @throws {OperatorError} when the application does not load (`preloadApp`), or the configuration file fails
   */
  async open(): Promise<Prepared> {
    try {
      const prepared = await this.#prepare(this.#process);
      this.#follow(this.#process);
      // What has arrived is read first: this process may have been stopped for a while.
      this.#watch = setInterval(() => setImmediate(() => this.#look()), LOOK_EVERY_MS).unref();
      return prepared;
    } catch (error) {
      this.#remove();
      void this.#process.finish();
      throw error;
    }
  }

  /** Of the one that is there now; 0 where none could be started. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Calls a hook of the configuration file; answers with the settings that it changed. */
  async hook(
    name: string,
    facts: Readonly<Record<string, unknown>>,
    values: readonly unknown[] = [],
    settings?: unknown,
  ): Promise<Readonly<Record<string, unknown>>> {
    this.#facts = { ...this.#facts, ...facts };
    const given = { hook: name, server: facts, values, ...(settings === undefined ? {} : { settings }) };
    try {
      const call = OF_THE_START.has(name) ? 'callPatiently' : 'call';
      return (await this.#process[call]('hook', given)) as Readonly<Record<string, unknown>>;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      throw new PythonFailure(`${name}: ${error.failure.message}`, error.failure.traceback);
    }
  }

  /** The settings that the hook `ssl_context` asks for. */
  async tls(): Promise<Readonly<Record<string, unknown>>> {
    try {
      return (await this.#process.callPatiently('tls', {})) as Readonly<Record<string, unknown>>;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      throw new PythonFailure(error.failure.message, error.failure.traceback);
    }
  }

  /** A worker is on its way: its process is forked now, and loads the application while the worker boots. */
  expect(age: number, slot: number): void {
    // Where that comes to nothing the worker asks for one when it is there.
    this.#process.call('expect', { age, slot }).catch(() => undefined);
  }

  /** That worker has ended. */
  forsake(age: number): void {
    this.#process.call('forsake', { age }).catch(() => undefined);
  }

  /** The worker hung and is to be ended. */
  abort(age: number): void {
    this.#process.call('abort', { age }).catch(() => undefined);
  }

  /** `USR1`: log files were renamed. */
  reopenLogs(): void {
    const reopen = (output: string | undefined): Promise<unknown> => this.#process.call('reopen', { output });
    withOutput(this.#options.output, reopen).catch((error: unknown) =>
      this.#log.error(`The Python master could not open its files anew: ${String(error)}`),
    );
  }

  /** From now on `gunicorn.error` has this level, in a master that takes the place of this one too. */
  setLogLevel(level: LogLevel): void {
    this.#level = level;
    this.#process.call('level', { level }).catch(() => undefined);
  }

  /** No worker asks any more. The process ends with the last of those that it forked. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#watch);
    this.#remove();
    await this.#process.finish();
    await Promise.race([this.#process.ended, wait(FAREWELL_MS)]);
  }

  #remove(): void {
    process.off('exit', this.#removeAtExit);
    this.#removeAtExit();
  }

  #spare(): MasterProcess | undefined {
    return takeSpare(this.#interpreter, this.#place());
  }

  #spawn(): MasterProcess {
    return new MasterProcess(this.#interpreter, this.#place());
  }

  #place(): MasterPlace {
    const { launchFolder, env } = this.#context;
    return { cwd: launchFolder, env };
  }

  async #prepare(master: MasterProcess): Promise<Prepared> {
    const { settings, env } = this.#context;
    master.log = this.#log;
    const limit =
      settings.bootTimeout > 0
        ? setTimeout(() => master.kill('SIGKILL'), settings.bootTimeout * 1000)
        : undefined;
    const environment = difference(master.env, withoutArbiters(env));
    const given = { ...this.#options, address: this.address, environment };
    try {
      const prepared = await withOutput(
        given.output,
        (output) => master.callPatiently('prepare', { ...given, output }) as Promise<Prepared>,
      );
      checkVersion(this.#interpreter, prepared.python);
      return prepared;
    } catch (error) {
      if (error instanceof CallFailed) throw loadError({ kind: 'failed', failure: error.failure }, '');
      // What is no Python, or an old one, does not come to the point where it says its version.
      if (!master.hasSpoken && !isNotFound(error)) checkVersion(this.#interpreter);
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  /** Another one takes its place when it ends. */
  #follow(master: MasterProcess): void {
    void master.ended.then((words) => {
      if (this.#isClosed || master !== this.#process) return;
      this.#log.error(
        `The Python master (pid: ${master.pid}) ${words}; workers that serve go on, and another one is started`,
      );
      void this.#startAnew();
    });
  }

  async #startAnew(): Promise<void> {
    const master = this.#spawn();
    this.#process = master;
    try {
      const { pid } = await this.#prepare(master);
      await this.hook('on_starting', this.#facts);
      this.#delayMs = FIRST_DELAY_MS;
      if (this.#level !== undefined) this.setLogLevel(this.#level);
      this.#log.info(`Python master started anew (pid: ${pid})`);
      this.#follow(master);
    } catch (error) {
      void master.finish();
      if (this.#isClosed) return;
      this.#log.error(`The Python master could not be started anew: ${textOf(error)}`);
      await wait(this.#delayMs);
      this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
      if (!this.#isClosed) await this.#startAnew();
    }
  }

  /** One that is stopped, or that hangs, forks nothing. */
  #look(): void {
    const { timeout } = this.#context.settings;
    const master = this.#process;
    const silentMs = master.ping();
    if (timeout > 0 && silentMs > timeout * 1000) {
      this.#log.critical(
        `The Python master (pid: ${master.pid}) has been silent for more than ${timeout} s (timeout) and is ended`,
      );
      master.kill('SIGABRT');
      setTimeout(() => master.kill('SIGKILL'), ABORT_GRACE_MS).unref();
    }
  }
}

/** What the application's environment is to have that the process was not started with. */
function difference(
  before: NodeJS.ProcessEnv,
  wanted: NodeJS.ProcessEnv,
): { readonly set: Record<string, string>; readonly unset: readonly string[] } {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined && value !== before[name]) set[name] = value;
  return { set, unset: Object.keys(before).filter((name) => wanted[name] === undefined) };
}

function isNotFound(error: unknown): boolean {
  return OperatorError.is(error) && error.code === 'ERR_PYTHON_NOT_FOUND';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
