import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { type ClientIdentity, RawConnection, type Site } from '@gunicorn-ts/load';
import { copyDidNotStart, copyHasNoControl } from '../errors.ts';
import { argumentsOfCopy, environmentOfCopy } from './arguments-of-copy.ts';
import { type Operated, type Program, type Told, tellServer } from './command.ts';
import { MARK, markedProcesses } from './processes.ts';

const START_MS = 90_000;
const TROUBLES = 2;
const LONGEST_SAID = 10_000;
const LISTENING = /Listening at: (?<url>\S+)/g;

/** What belongs to one copy. */
interface Own {
  readonly folder: string;
  readonly mark: string;
  readonly program: Program;
  readonly argv: readonly string[];
  /** What clients say that they are. */
  readonly identity: ClientIdentity | undefined;
  /** What its processes said before they had a log: those of an upgrade have the first one's descriptors. */
  readonly said: { text: string };
  /** Takes what would go to syslog. */
  readonly syslog: Socket;
}

/** A server of the operator's application and settings, which nobody else knows of. */
export class CopiedServer implements Operated {
  readonly url: URL;
  readonly #own: Own;

  private constructor(url: URL, own: Own) {
    this.url = url;
    this.#own = own;
  }

  /**
   * @param argv arguments of the server
   * @throws {OperatorError} `ERR_VERIFY_START`, with its log
   */
  static async start(
    program: Program,
    argv: readonly string[],
    identity?: ClientIdentity,
  ): Promise<CopiedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'gunicorn-verify-'));
    writeFileSync(join(folder, 'env'), '');
    const syslog = createSocket('udp4').bind(0, '127.0.0.1').unref();
    await once(syslog, 'listening');
    const own: Own = { folder, mark: randomUUID(), program, argv, identity, said: { text: '' }, syslog };
    try {
      const server = new CopiedServer(await launch(own, 0), own);
      if (!server.has('control')) throw copyHasNoControl();
      return server;
    } catch (error) {
      for (const pid of markedProcesses(own.mark)) kill(pid);
      discard(own);
      throw error;
    }
  }

  /** How clients reach it. */
  get site(): Site {
    return { url: this.url, identity: this.#own.identity };
  }

  /**
   * Starts it once more at its address, when its processes have ended.
   * @throws {OperatorError} `ERR_VERIFY_START`
   */
  async startAgain(): Promise<void> {
    await launch(this.#own, Number(this.url.port));
  }

  tell(verb: string, ...words: readonly string[]): Promise<Told> {
    const where = ['--control-socket', this.#path('control')];
    return tellServer(this.#own.program, where, [verb, ...words]);
  }

  /** Takes away a file that every load of the settings reads, or puts it back. */
  break(isBroken: boolean): void {
    const [there, away] = [this.#path('env'), this.#path('env.away')];
    renameSync(isBroken ? there : away, isBroken ? away : there);
  }

  /** How often, and with which status, each request stands in the access log. */
  accessLog(): ReadonlyMap<string, readonly string[]> {
    const lines = read(this.#path('access.log')).split('\n');
    const pairs = lines.map((line) => line.split(' ')).filter(([id]) => id?.startsWith('v'));
    const byId = Map.groupBy(pairs, ([id = '']) => id);
    return new Map([...byId].map(([id, found]) => [id, found.map(([, status = '']) => status)]));
  }

  /** The last lines of its log that say what went wrong, and what a process said that came to no log. */
  troubles(): readonly string[] {
    return troublesIn(read(this.#path('error.log')), this.#own.said.text);
  }

  processes(): readonly number[] {
    return markedProcesses(this.#own.mark);
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
    discard(this.#own);
  }

  #path(name: string): string {
    return join(this.#own.folder, name);
  }
}

/** `[ERROR] …` of a log, `Error: …` of the standard error. Pure. */
export function troublesIn(log: string, said: string): readonly string[] {
  const logged = log.matchAll(/^.*\[(?:ERROR|CRITICAL)\] (?<text>.*)$/gm);
  const printed = said.matchAll(/^Error: (?<text>.*)$/gm);
  return [logged, printed].flatMap((found) =>
    [...found].slice(-TROUBLES).map(({ groups }) => groups?.['text'] ?? ''),
  );
}

function discard({ folder, syslog }: Own): void {
  syslog.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** @throws {OperatorError} `ERR_VERIFY_START`, with its log */
async function launch(own: Own, port: number): Promise<URL> {
  const { folder, mark, program, argv, syslog } = own;
  const [command = '', ...words] = program.words;
  const logFile = join(folder, 'error.log');
  // What an earlier start has written there is not this one's.
  const before = read(logFile).length;
  const place = { folder, port, syslogPort: syslog.address().port };
  const child = spawn(command, [...words, ...argumentsOfCopy(argv, place)], {
    cwd: program.cwd,
    env: { ...environmentOfCopy(program.env), [MARK]: mark },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  own.said.text = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (own.said.text = (own.said.text + text).slice(-LONGEST_SAID)));
  const ended = exitOf(child);
  const log = (): string => read(logFile).slice(before);
  const url = await listening(
    { log, identity: own.identity },
    () => ended.hasEnded && markedProcesses(mark).length === 0,
  );
  if (url !== undefined) return url;
  throw copyDidNotStart((log() + own.said.text).trim(), ended.code);
}

/** Where it listens, once it answers; `undefined` when it has ended, or does not come to it. */
async function listening(
  { log, identity }: { readonly log: () => string; readonly identity: ClientIdentity | undefined },
  hasEnded: () => boolean,
): Promise<URL | undefined> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && !hasEnded()) {
    const text = [...log().matchAll(LISTENING)].at(-1)?.groups?.['url'];
    if (text !== undefined && (await answers({ url: new URL(text), identity }))) return new URL(text);
    await rest(50);
  }
  return undefined;
}

async function answers(site: Site): Promise<boolean> {
  try {
    const connection = await RawConnection.open(site, START_MS);
    await connection.exchange({ path: '/', connection: 'close', limitMs: START_MS });
    return true;
  } catch {
    return false;
  }
}

/** A server that becomes a daemon lives on when the process that was started has ended. */
function exitOf(child: ChildProcess): { hasEnded: boolean; code: number | null } {
  const state = { hasEnded: false, code: null as number | null };
  const end = (code: number | null): void => void Object.assign(state, { hasEnded: true, code });
  child.once('error', () => end(null));
  child.once('exit', end);
  return state;
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
