import { spawn } from 'node:child_process';

/** How the server, and commands for it, are started. */
export interface Program {
  /** The words of the command, without arguments. */
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it is started. */
  readonly cwd: string;
}

/** What a command for a running server came to. */
export interface Told {
  readonly code: number | null;
  /** What it printed as JSON. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A worker that serves. */
export interface ServingWorker {
  readonly pid: number;
  readonly slot: number;
  /** Of all workers that were ever started, the how many-th. */
  readonly age: number;
}

/** A server that can be told what to do. */
export interface Operated {
  /** `gunicorn VERB …` for this server: waits for its outcome. */
  tell(verb: string, ...words: readonly string[]): Promise<Told>;
}

/** @param where words that name the server */
export function tellServer(
  { words, env, cwd }: Program,
  where: readonly string[],
  order: readonly string[],
): Promise<Told> {
  const [command = '', ...own] = words;
  const child = spawn(command, [...own, ...order, ...where, '--json'], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, answer: readJson(output) }));
  });
}

/** Which workers serve, by their processes. */
export async function servingWorkers(server: Operated): Promise<readonly ServingWorker[]> {
  const { answer } = await server.tell('ps');
  const list = Array.isArray(answer) ? (answer as (ServingWorker & { condition: string })[]) : [];
  return list.filter(
    ({ condition }) => condition === 'ready' || condition === 'busy' || condition === 'idle',
  );
}

/** A setting that is a number. */
export async function settingOf(server: Operated, name: string, otherwise: number): Promise<number> {
  const { answer } = await server.tell('config', name);
  const value = Number(answer[name]);
  return Number.isFinite(value) ? value : otherwise;
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
