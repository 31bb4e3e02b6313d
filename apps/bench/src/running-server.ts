import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killAll, removeAtEnd, startChild } from './child-processes.ts';
import { ON_LOAD_CORE, ON_SERVER_CORE } from './cores.ts';
import { freePort } from './free-port.ts';
import { firstAnswer } from './load/first-answer.ts';
import { Output } from './output.ts';
import type { Launch, LaunchOptions, Peer } from './peer.ts';
import { childrenOf, cpuSeconds, processTree } from './process-tree.ts';

const START_MS = 60_000;
const STOP_MS = 5000;
/** A tree that uses less than this in a look has nothing left to do: two clock ticks, in seconds. */
const QUIET_CPU = 0.02;
const LOOK_MS = 150;
const ON_CORE = { server: ON_SERVER_CORE, load: ON_LOAD_CORE } as const;

/** What a scenario asks for; the rest is chosen. */
export type StartOptions = Omit<LaunchOptions, 'port' | 'folder'> & {
  /** Keeps it on one core: the load's, or the other one. */
  readonly core?: keyof typeof ON_CORE;
};

/** Descriptors that a worker has open besides its connections, and some to spare. */
const SPARE_DESCRIPTORS = 200;

/** A server in a process of its own, and whatever processes it has started. */
export class RunningServer {
  readonly peer: Peer;
  readonly port: number;
  readonly output: Output = new Output();
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #folder: string;
  readonly #launch: Launch;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #workers: number;

  private constructor(peer: Peer, port: number, options: StartOptions) {
    this.peer = peer;
    this.port = port;
    this.#workers = options.workers;
    this.#folder = mkdtempSync(join(tmpdir(), 'bench-'));
    removeAtEnd(this.#folder);
    this.#launch = peer.launch({ ...options, port, folder: this.#folder });
    this.#variables = { ...options.environment, ...this.#launch.environment };
    const command = [...(options.core ? ON_CORE[options.core] : []), ...this.#launch.command];
    this.#child = startChild(withDescriptors(command, options.connections), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment(),
    });
    this.output.collect(this.#child.stdout!);
    this.output.collect(this.#child.stderr!);
    this.#ended = once(this.#child, 'exit');
    this.#ended.catch(() => {});
  }

  /** Starts it, and does not wait until it listens. */
  static async launch(peer: Peer, options: StartOptions): Promise<RunningServer> {
    return new RunningServer(peer, await freePort(), options);
  }

  /** Starts it, and resolves when it answers and has nothing left to do. */
  static async start(peer: Peer, options: StartOptions): Promise<RunningServer> {
    const server = await RunningServer.launch(peer, options);
    try {
      await server.answers();
      await server.settled();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** The process that was started; the root of the tree. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when it gives its first answer. */
  async answers(): Promise<void> {
    await this.unlessItEnds(firstAnswer({ port: this.port, timeoutMs: START_MS }));
  }

  /**
   * Resolves when its processes rest: all workers have booted.
   * @param atMostMs milliseconds after which it is not waited for any longer
   */
  async settled(atMostMs: number = START_MS): Promise<void> {
    const deadline = performance.now() + atMostMs;
    for (let quiet = 0; quiet < 2 && performance.now() < deadline;) {
      const before = cpuSeconds(this.pid);
      await sleep(LOOK_MS);
      quiet = cpuSeconds(this.pid) - before <= QUIET_CPU ? quiet + 1 : 0;
    }
  }

  /** Settles as the promise does; rejects with what the server printed when it ends before that. */
  async unlessItEnds<T>(promise: Promise<T>): Promise<T> {
    const early = this.#ended.then(() => {
      throw new Error(`The server has ended; printed was:\n${this.output.text}`);
    });
    return Promise.race([promise, early]);
  }

  /** Exchanges its workers; resolves when none of the old ones is left and as many new ones are there. */
  async reload(): Promise<void> {
    const old = childrenOf(this.pid);
    const { reload } = this.#launch;
    if (reload === undefined) throw new Error(`${this.peer.title} cannot exchange its workers`);
    if (reload === 'HUP') this.#child.kill('SIGHUP');
    else await run(reload, this.#environment());
    const deadline = performance.now() + START_MS;
    for (;;) {
      const now = childrenOf(this.pid);
      if (now.length >= this.#workers && old.every((pid) => !now.includes(pid))) return;
      if (performance.now() > deadline) {
        throw new Error(
          `Old workers were left ${START_MS} ms after the reload; printed was:\n${this.output.text}`,
        );
      }
      await sleep(20);
    }
  }

  /** TERM; KILL for what is left of the tree after five seconds. */
  async stop(): Promise<void> {
    const tree = processTree(this.pid);
    const timer = setTimeout(() => killAll(tree), STOP_MS);
    this.#child.kill('SIGTERM');
    await this.#ended.catch(() => {});
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...ownEnvironment(), ...this.#variables };
  }
}

async function run([program = '', ...rest]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(program, rest, { env });
}

/** Node raises its own limit to the hard one; only the hard one may have to be raised, by whoever may do so. */
function withDescriptors(command: readonly string[], connections: number | undefined): readonly string[] {
  if (connections === undefined) return command;
  const limit = `ulimit -n ${connections + SPARE_DESCRIPTORS} 2>/dev/null; exec "$@"`;
  return ['sh', '-c', limit, 'sh', ...command];
}

/** The environment without what would change a peer's settings. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(PORT|WEB_CONCURRENCY|FORWARDED_ALLOW_IPS|GUNICORN_.*|LISTEN_.*|NODE_OPTIONS|PM2_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
