import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { copyDidNotStart, copySpeaksTls } from '../errors.ts';
import { argumentsOfCopy } from './arguments-of-copy.ts';
import { MARK, markedProcesses } from './processes.ts';

/** How the server is started again. */
export interface Program {
  /** The words of the command, without arguments. */
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it is started. */
  readonly cwd: string;
}

/** What a command for the running copy came to. */
export interface Told {
  readonly code: number | null;
  /** What it printed as JSON. */
  readonly answer: Readonly<Record<string, unknown>>;
}

const START_MS = 90_000;
const LISTENING = /Listening at: (?<url>\S+)/;

/** A server of the operator's application and settings, which nobody else knows of. */
export class CopiedServer {
  readonly url: URL;
  readonly #folder: string;
  readonly #mark: string;
  readonly #program: Program;

  private constructor(url: URL, own: { folder: string; mark: string; program: Program }) {
    this.url = url;
    this.#folder = own.folder;
    this.#mark = own.mark;
    this.#program = own.program;
  }

  /**
   * @param argv arguments of the server
   * @throws {OperatorError} `ERR_VERIFY_START`, with its log
   */
  static async start(program: Program, argv: readonly string[]): Promise<CopiedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'gunicorn-verify-'));
    const mark = randomUUID();
    writeFileSync(join(folder, 'env'), '');
    const [command = '', ...words] = program.words;
    const child = spawn(command, [...words, ...argumentsOfCopy(argv, folder)], {
      cwd: program.cwd,
      env: { ...program.env, [MARK]: mark },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-10_000)));
    const exit = ended(child);
    const url = await listening(folder, exit);
    if (url?.protocol === 'http:') return new CopiedServer(url, { folder, mark, program });
    const log = read(join(folder, 'error.log')) + output;
    const code = url === undefined ? await Promise.race([exit, null]) : null;
    for (const pid of markedProcesses(mark)) kill(pid);
    rmSync(folder, { recursive: true, force: true });
    throw url === undefined ? copyDidNotStart(log.trim(), code) : copySpeaksTls();
  }

  /** `gunicorn VERB …` for this server: waits for its outcome. */
  tell(verb: string, ...words: readonly string[]): Promise<Told> {
    const [command = '', ...own] = this.#program.words;
    const child = spawn(
      command,
      [...own, verb, ...words, '--control-socket', this.#path('control'), '--json'],
      {
        env: this.#program.env,
        cwd: this.#program.cwd,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, answer: readJson(output) }));
    });
  }

  /** Takes away a file that every load of the settings reads, or puts it back. */
  break(isBroken: boolean): void {
    const [there, away] = [this.#path('env'), this.#path('env.away')];
    renameSync(isBroken ? there : away, isBroken ? away : there);
  }

  /** Which workers serve, by their processes. */
  async workers(): Promise<readonly { readonly pid: number; readonly slot: number }[]> {
    const { answer } = await this.tell('ps');
    const list = Array.isArray(answer) ? (answer as { pid: number; slot: number; condition: string }[]) : [];
    return list.filter(
      ({ condition }) => condition === 'ready' || condition === 'busy' || condition === 'idle',
    );
  }

  /** How often, and with which status, each request stands in the access log. */
  accessLog(): ReadonlyMap<string, readonly string[]> {
    const lines = read(this.#path('access.log')).split('\n');
    const pairs = lines.map((line) => line.split(' ')).filter(([id]) => id?.startsWith('v'));
    const byId = Map.groupBy(pairs, ([id = '']) => id);
    return new Map([...byId].map(([id, found]) => [id, found.map(([, status = '']) => status)]));
  }

  processes(): readonly number[] {
    return markedProcesses(this.#mark);
  }

  has(name: 'control' | 'pid'): boolean {
    try {
      readFileSync(this.#path(name));
      return true;
    } catch (error) {
      // A socket is there, and cannot be read.
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }

  /** Ends what is left, and removes its files. */
  async remove(): Promise<void> {
    for (const pid of this.processes()) kill(pid);
    for (let waited = 0; this.processes().length > 0 && waited < 5000; waited += 20) await rest(20);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

async function listening(folder: string, exit: Promise<number | null>): Promise<URL | undefined> {
  const deadline = performance.now() + START_MS;
  const state = { hasEnded: false };
  void exit.then(() => (state.hasEnded = true));
  while (performance.now() < deadline && !state.hasEnded) {
    const text = LISTENING.exec(read(join(folder, 'error.log')))?.groups?.['url'];
    const url = text === undefined ? undefined : new URL(text);
    if (url !== undefined && (url.protocol === 'https:' || (await answers(url)))) return url;
    await rest(50);
  }
  return undefined;
}

async function answers(url: URL): Promise<boolean> {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(START_MS) });
    return true;
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
