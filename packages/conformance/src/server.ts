import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { commandScript, Folder } from './folder.ts';
import { Output, type WaitOptions } from './output.ts';
import { probe } from './probe.ts';
import { childrenOf, isPythonMaster, MARK, markedProcesses, processesGone } from './process-table.ts';

export interface ServerOptions {
  /** Flags, and the target when there is no `app`. */
  readonly args?: readonly string[];
  /** Addresses to listen on; an empty list gives no flag. Default: a port of 127.0.0.1 that the kernel chooses. */
  readonly bind?: readonly string[];
  /** Text of `app.ts`, which then is the target. */
  readonly app?: string;
  /** Text of `gunicorn.conf.ts`. */
  readonly config?: string;
  /** Further files of the temporary folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where to start the command. Default: the temporary folder. */
  readonly cwd?: string;
  /** Added to the environment of the test, from which `PORT`, `WEB_CONCURRENCY` and the like are taken out. */
  readonly env?: Readonly<Record<string, string>>;
  /** The words that start the command. Default: Node.js with the built command of this repository. */
  readonly command?: readonly string[];
  /** The Node.js to run. Default: the environment's `GUNICORN_TEST_NODE`, or the one that runs the test. */
  readonly node?: string;
  /** Flags for Node.js itself. */
  readonly nodeArgs?: readonly string[];
  /** How many files each process may have open. Default: as many as the test may. */
  readonly limitOpenFiles?: number;
  /**
   * What to wait for: an answer to a first request, the log line that the sockets listen, or nothing (a server
   * that is expected not to start). Default: `answering`.
   */
  readonly until?: 'answering' | 'listening' | 'spawned';
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const LISTENING = /Listening at: (\S+)/;
const FOREIGN_ENVIRONMENT =
  /^(PORT|WEB_CONCURRENCY|FORWARDED_ALLOW_IPS|GUNICORN_.*|LISTEN_.*|NODE_(?!EXTRA_CA|COMPILE_CACHE).*)$/;

/** The real command in a process of its own. */
export class Server {
  readonly folder: Folder;
  /** Resolves when the arbiter is gone; its workers may outlive it. */
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #output: Output = new Output();
  #urls: readonly string[] = [];

  constructor(options: ServerOptions) {
    this.#mark = randomUUID();
    this.folder = new Folder({
      ...(options.app !== undefined && { 'app.ts': options.app }),
      ...(options.config !== undefined && { 'gunicorn.conf.ts': options.config }),
      ...options.files,
    });
    const binds = (options.bind ?? ['127.0.0.1:0']).flatMap((address) => ['--bind', address]);
    const target = options.app === undefined ? [] : ['app.ts'];
    const node = options.node ?? process.env['GUNICORN_TEST_NODE'] ?? process.execPath;
    const command = [
      ...(options.command ?? [node, ...(options.nodeArgs ?? []), commandScript()]),
      ...binds,
      ...(options.args ?? []),
      ...target,
    ];
    const limit = options.limitOpenFiles;
    // Soft and hard: Node raises the one to the other.
    const limited = limit === undefined ? [] : ['sh', '-c', `ulimit -n ${limit} && exec "$@"`, 'sh'];
    const [program = '', ...parameters] = [...limited, ...command];
    this.#child = spawn(program, parameters, {
      cwd: options.cwd ?? this.folder.path,
      env: { ...ownEnvironment(), ...options.env, [MARK]: this.#mark },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (this.#child.stdout === null || this.#child.stderr === null)
      throw new Error('The server has no output');
    this.#output.collect(this.#child.stdout);
    this.#output.collect(this.#child.stderr);
    this.exit = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }) as Exit);
    // A test that never asks for it must not fail because the command could not be spawned.
    this.exit.catch(() => {});
  }

  /** Process id of the arbiter. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Lines of stdout and stderr of arbiter and workers. */
  get lines(): readonly string[] {
    return this.#output.lines;
  }

  /** Where it listens, as the log says it. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** The first of {@link Server.urls}. */
  get url(): string {
    return this.#urls[0] ?? '';
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Waits for a line of the log. Rejects with the whole log when it does not come. */
  waitFor(pattern: RegExp | string, options?: WaitOptions): Promise<RegExpExecArray> {
    return this.#output.waitFor(pattern, options);
  }

  /** The lines that match, from a given line on. */
  matching(pattern: RegExp, from?: number): string[] {
    return this.#output.matching(pattern, from);
  }

  /** The whole log. */
  log(): string {
    return this.#output.text();
  }

  /** Sends a signal to the arbiter. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Process ids of the workers that the arbiter has now. */
  workers(): number[] {
    return childrenOf(this.pid).filter((pid) => !isPythonMaster(pid));
  }

  /** Process id of the Python master, where there is one. */
  pythonMaster(): number | undefined {
    return childrenOf(this.pid).find(isPythonMaster);
  }

  /** Everything that runs on behalf of this server: orphans and a second arbiter included. */
  processes(): number[] {
    return markedProcesses(this.#mark);
  }

  /** Waits for the end of the arbiter, and for the last line of all that it started. */
  async ended(): Promise<Exit> {
    const exit = await this.exit;
    await this.#output.ended();
    return exit;
  }

  /** TERM, and how the arbiter ended. */
  async stop(): Promise<Exit> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.signal('SIGTERM');
    return this.exit;
  }

  /** Waits until it listens, and, if wanted, until it answers. */
  async started(until: 'answering' | 'listening'): Promise<void> {
    const line = await this.waitFor(LISTENING, { timeoutMs: 30_000 });
    this.#urls = (line[1] ?? '').split(',');
    if (until === 'answering') await probe(this.url, 30_000, this.exit);
  }

  /** Kills what is left, by process id, and removes the folder. */
  async remove(): Promise<void> {
    // Twice: between looking and killing, an arbiter may have started one more worker.
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      for (const pid of left) kill(pid);
      await processesGone(left, 5000);
    }
    this.folder.remove();
  }
}

/** Starts the real command; `t.teardown` ends it, and prints its log when the test failed. */
export async function startServer(
  t: ExecutionContext<unknown>,
  options: ServerOptions = {},
): Promise<Server> {
  const server = new Server(options);
  t.teardown(async () => {
    await server.remove();
    if (!t.passed) t.log(server.log());
  });
  const until = options.until ?? 'answering';
  if (until !== 'spawned') await server.started(until);
  return server;
}

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN_ENVIRONMENT.test(name)));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
