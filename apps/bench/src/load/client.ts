import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child-processes.ts';
import { ON_LOAD_CORE } from '../cores.ts';
import type { Failures } from '../failures.ts';
import { Output } from '../output.ts';

const START_MS = 30_000;

/** A program that puts load on a server until its standard input ends: its CPU is not the server's. */
class Client {
  readonly output: Output = new Output();
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** @param limit file descriptors that it may have to open */
  constructor(program: string, values: readonly (string | number)[], limit: number) {
    const command = [
      process.execPath,
      fileURLToPath(new URL(program, import.meta.url)),
      ...values.map(String),
    ];
    const raised = ['sh', '-c', `ulimit -n ${limit + 100} 2>/dev/null; exec "$@"`, 'sh'];
    this.#child = startChild([...ON_LOAD_CORE, ...raised, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.output.collect(this.#child.stdout!);
    this.#ended = once(this.#child, 'exit');
    this.#ended.catch(() => {});
    // It may have left before it is told to.
    this.#child.stdin!.on('error', () => {});
  }

  /** Resolves when it has printed the word; ends it when it does not. */
  async says(word: string): Promise<void> {
    const early = this.#ended.then(() => {
      throw new Error('The load client has ended; what it said stands above');
    });
    try {
      await Promise.race([this.output.waitFor(new RegExp(`^${word}$`, 'm'), START_MS), early]);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw error;
    }
  }

  /** Lets it finish; resolves with all that it printed. */
  async leave(): Promise<string> {
    this.#child.stdin!.end();
    await this.#ended;
    return this.output.text;
  }
}

/** Connections that do little, held by another process. */
export interface Crowd {
  /** Closes them all; resolves when the client has left. */
  leave(): Promise<unknown>;
}

/** Keep-alive connections of which each was answered once, and which then keep silent. */
export function gatherIdle(port: number, connections: number): Promise<Crowd> {
  return gather('./idle-client.ts', [port, connections], connections);
}

/** WebSockets that were opened, and on which nothing is said. */
export function gatherIdleWebSockets(port: number, connections: number): Promise<Crowd> {
  return gather('./idle-client.ts', [port, connections, 1], connections);
}

/**
 * Connections whose request never becomes whole.
 * @param everyMs milliseconds between two bytes; 0: half a head, and then silence
 */
export function gatherSlow(port: number, connections: number, everyMs: number): Promise<Crowd> {
  return gather('./slow-client.ts', [port, connections, everyMs], connections);
}

async function gather(program: string, values: readonly number[], connections: number): Promise<Crowd> {
  const client = new Client(program, values, connections);
  await client.says('open');
  return client;
}

export interface AskOptions {
  readonly port: number;
  readonly clients: number;
  /** False: each request brings its own connection. */
  readonly keepAlive: boolean;
  /** Every how many requests one is for `/block`. Default: none. */
  readonly blockEvery?: number;
}

export interface Waits {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface Asked {
  readonly plain: Waits;
  /** Those for `/block`. */
  readonly blocked: Waits;
  readonly failures: Failures;
}

/** Asks as long as the work takes, and tells what became of every request. */
export async function askWhile(options: AskOptions, work: () => Promise<unknown>): Promise<Asked> {
  const { port, clients, keepAlive, blockEvery = 0 } = options;
  const values = [port, clients, keepAlive ? 'keep' : 'close', blockEvery];
  const client = new Client('./requests-client.ts', values, clients);
  await client.says('asking');
  try {
    await work();
  } finally {
    await client.leave();
  }
  return JSON.parse(client.output.text.trimEnd().split('\n').at(-1)!) as Asked;
}
