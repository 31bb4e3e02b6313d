import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@gunicorn-ts/interface';
import { interpreterNotFound, masterGone } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import { logLine } from './log-line.ts';
import { readLines } from './line-reader.ts';

/** The program that Python runs, a file of this package. */
const PROGRAM = fileURLToPath(new URL('../child/gunicorn_master.py', import.meta.url));

/** Output is not held back, and a crash leaves a traceback. */
const FLAGS = ['-u', '-X', 'faulthandler'];

/** The number of the descriptor that it talks on is passed here. */
const VARIABLE = 'GUNICORN_TS_MASTER';
const CHANNEL_FD = 3;

/** How long it may take to hear that it is to end. */
const FAREWELL_MS = 2000;

/** Variables that were meant for the arbiter alone. An application may start a server that has another interpreter. */
const ARBITERS =
  /^(NOTIFY_SOCKET|WATCHDOG_(PID|USEC)|LISTEN_(PID|FDS|FDNAMES)|GUNICORN_(PID|LISTENERS|DAEMON|TS_PYTHON))$/;

/** What a call failed with, as Python says it. */
export interface CallFailure {
  readonly kind: 'import-error' | 'missing-module' | 'missing-attribute' | 'not-callable' | 'missing-package';
  readonly message: string;
  readonly traceback: string;
  readonly searched: readonly string[];
  readonly files?: readonly string[];
}

/** A call that was answered with a failure. */
export class CallFailed extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.message);
    this.name = 'CallFailed';
    this.failure = failure;
  }
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: CallFailure;
  readonly log?: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Where and as what it is started. */
export interface MasterPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One Python process beside the arbiter, which runs `gunicorn.conf.py` and forks the processes of workers. */
export class MasterProcess {
  readonly interpreter: Interpreter;
  /** What it was started with, but for what it was not to see. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** How it ended, in words. */
  readonly ended: Promise<string>;
  /** Takes its lines; until there is one they go to stderr. */
  log: Logger | undefined;
  readonly #child: ChildProcess;
  readonly #channel: Socket | null;
  readonly #waiting: Map<number, Waiting> = new Map();
  #lastId = 0;
  /** Since when a sign of life is waited for. */
  #pingedAt: number | undefined;
  /** Calls that may take as long as they want. */
  #patience = 0;
  /** Why nothing can be asked of it any more. */
  #gone: Error | undefined;
  #hasSpoken = false;

  constructor(interpreter: Interpreter, { cwd, env }: MasterPlace) {
    this.interpreter = interpreter;
    this.cwd = cwd;
    this.env = withoutArbiters(env);
    this.#child = spawn(interpreter.command, [...FLAGS, PROGRAM], {
      cwd,
      env: { ...this.env, [VARIABLE]: String(CHANNEL_FD) },
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      // A session of its own: Ctrl-C goes to all processes of a terminal, and this one has to outlive the workers.
      detached: true,
    });
    this.#channel = (this.#child.stdio as readonly (Socket | null)[] | undefined)?.[CHANNEL_FD] ?? null;
    this.ended = new Promise((resolve) => {
      const end = (words: string, error: Error): void => {
        this.#gone = error;
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve(words);
      };
      this.#child.once('error', (error) => end(error.message, interpreterNotFound(interpreter, error)));
      this.#child.once('exit', (code, signal) => {
        const words = describeEnd(code, signal);
        end(words, masterGone(words));
      });
    });
    this.#listen();
  }

  /** Whether our program runs in it. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @throws {CallFailed | OperatorError} */
  call(name: string, values: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, call: name, with: values });
    });
  }

  /** Like {@link call}, for what may take as long as it wants: the start of the server. */
  async callPatiently(name: string, values: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#patience++;
    try {
      return await this.call(name, values);
    } finally {
      this.#patience--;
      this.#pingedAt = undefined;
    }
  }

  /** Asks for a sign of life. Returns for how long one is waited for, in milliseconds. */
  ping(): number {
    if (this.#patience > 0) return 0;
    if (this.#pingedAt !== undefined) return performance.now() - this.#pingedAt;
    this.#pingedAt = performance.now();
    this.#send({ call: 'ping', id: 0 });
    return 0;
  }

  /**
   * Nothing is asked of it any more: it ends when the last process that it forked has, and tells of them until then.
   * One that does not even hear that is killed.
   */
  async finish(): Promise<void> {
    const late = setTimeout(() => this.kill('SIGKILL'), FAREWELL_MS);
    await this.call('finish').catch(() => undefined);
    clearTimeout(late);
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#gone === undefined) this.#child.kill(signal);
  }

  #send(message: object): void {
    this.#channel?.write(`${JSON.stringify(message)}\n`);
  }

  #listen(): void {
    if (this.#channel === null) return;
    const onStray = (found: string): void => {
      this.#write(
        `eThe Python master (pid: ${this.pid}) sent ${found}, where it talks with the arbiter: it is ended; look for code that writes to file descriptors it did not open`,
      );
      this.kill('SIGKILL');
    };
    readLines(this.#channel, (line) => this.#hear(JSON.parse(line) as Message), onStray);
    this.#channel.on('error', () => undefined);
  }

  #hear(message: Message): void {
    this.#pingedAt = undefined;
    this.#hasSpoken = true;
    if (message.log !== undefined) return this.#write(message.log);
    const waiting = this.#waiting.get(message.id ?? 0);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(message.id ?? 0);
    if (message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(new CallFailed(message.error));
    return undefined;
  }

  #write(line: string): void {
    if (this.log === undefined) process.stderr.write(`${line.slice(1)}\n`);
    else logLine(this.log, Buffer.from(line));
  }
}

/** What an application may see of the arbiter's environment. */
export function withoutArbiters(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ARBITERS.test(name)));
}

export function describeEnd(code: number | null, signal: string | null): string {
  return signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
}
