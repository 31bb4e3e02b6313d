import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Output } from './output.ts';
import { processTree } from './process-tree.ts';

const LISTENING = /Listening at: http:\/\/127\.0\.0\.1:(\d+)/;
const START_MS = 20_000;
const STOP_MS = 5000;

/** A server in a process of its own, and whatever processes it has started. */
export class RunningServer {
  readonly output: Output = new Output();
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /**
   * @param command program and arguments; prints `Listening at: http://127.0.0.1:PORT` when it listens
   * @param descriptors file descriptors that it should be allowed to open
   */
  constructor(command: readonly string[], descriptors?: number) {
    const [program = '', ...rest] =
      descriptors === undefined ? command : withDescriptors(command, descriptors);
    this.#child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: ownEnvironment() });
    this.output.collect(this.#child.stdout!);
    this.output.collect(this.#child.stderr!);
    this.#ended = once(this.#child, 'exit');
  }

  /** The process that was started; the root of the tree. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the port, once the server says that it listens. */
  async listening(): Promise<number> {
    const match = await this.unlessItEnds(this.output.waitFor(LISTENING, START_MS));
    return Number(match[1]);
  }

  /** Settles as the promise does; rejects with what the server printed when it ends before that. */
  async unlessItEnds<T>(promise: Promise<T>): Promise<T> {
    const early = this.#ended.then(() => {
      throw new Error(`The server has ended; printed was:\n${this.output.text}`);
    });
    return Promise.race([promise, early]);
  }

  /** TERM; KILL for what is left of the tree after five seconds. */
  async stop(): Promise<void> {
    const tree = processTree(this.pid);
    const timer = setTimeout(() => tree.forEach(kill), STOP_MS);
    this.#child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Node raises its own limit to the hard one; only the hard one may have to be raised, by whoever may do so. */
function withDescriptors(command: readonly string[], descriptors: number): string[] {
  return ['sh', '-c', `ulimit -n ${descriptors} 2>/dev/null; exec "$@"`, 'sh', ...command];
}

/** The environment without what would change a peer's settings. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(PORT|WEB_CONCURRENCY|FORWARDED_ALLOW_IPS|GUNICORN_.*|LISTEN_.*|NODE_OPTIONS)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
