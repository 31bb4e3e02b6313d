import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '@gunicorn-ts/scripts';
import { codeBlocks } from './code-blocks.ts';
import type { EmptyHome } from './package-manager.ts';

/** Something that is done with what was installed. */
export type Trial = {
  /** Files of the project. */
  readonly files?: Readonly<Record<string, string>>;
} & (
  | {
      /** The command serves, and ends on TERM. */
      readonly kind: 'command';
      readonly args: readonly string[];
      readonly answer: RegExp;
    }
  | {
      /** The snippets of a package's README run. Where one serves it is the first. */
      readonly kind: 'readme';
      /** Its folder below `packages`. */
      readonly package: string;
      /** Which of them, counted from 1, where others need more packages. Default: all. */
      readonly snippets?: readonly number[];
      /** One of them serves, and answers so; it ends on TERM. */
      readonly answer?: RegExp;
      /** One of them prints this. */
      readonly prints?: RegExp;
    }
);

/** The address in READMEs, which may be taken on the machine that tries them. */
const PORT_OF_READMES = /\b8000\b/g;
const PATIENCE_MS = 30_000;

/** Carries a trial out in a project. Returns what went wrong, as sentences. */
export async function carryOut(trial: Trial, project: string, home: EmptyHome): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(trial.files ?? {})) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  if (trial.kind === 'command') {
    const command = join(project, 'node_modules/.bin/gunicorn');
    return tryServer([command, '--bind', '127.0.0.1:0', ...trial.args], trial.answer, { project, home });
  }
  return runReadme(trial, project, home);
}

async function runReadme(
  trial: Extract<Trial, { kind: 'readme' }>,
  project: string,
  home: EmptyHome,
): Promise<readonly string[]> {
  const readme = `packages/${trial.package}/README.md`;
  const snippets = codeBlocks(readFileSync(join(ROOT, readme), 'utf8'), ['ts', 'js', 'mjs']);
  const problems: string[] = [];
  let printed = '';
  for (const [index, { text, language }] of snippets.entries()) {
    if (trial.snippets?.includes(index + 1) === false) continue;
    const port = await freePort();
    const file = `readme-${trial.package}-${index + 1}.${language === 'ts' ? 'ts' : 'mjs'}`;
    writeFileSync(join(project, file), text.replaceAll(PORT_OF_READMES, String(port)));
    // One that chooses its port says it.
    const address = text.search(PORT_OF_READMES) === -1 ? undefined : `http://127.0.0.1:${port}/`;
    const running = new Running([process.execPath, file], { project, home });
    if (trial.answer !== undefined && index === 0) {
      problems.push(...(await serves(running, trial.answer, address)));
      continue;
    }
    const code = await running.ended();
    printed += running.output;
    if (code !== 0) problems.push(`snippet ${index + 1} of ${readme} ended with ${code}:\n${running.output}`);
  }
  if (snippets.length === 0) problems.push(`${readme} has no snippet`);
  // What is printed of the port is as the snippet says it.
  if (trial.prints !== undefined && !trial.prints.test(printed.replaceAll(/:\d{4,5}\b/g, ':8000')))
    problems.push(`the snippets of ${readme} print nothing like ${trial.prints}:\n${printed}`);
  return problems;
}

/** Waits for an answer, then for the end that TERM brings. */
async function serves(running: Running, answer: RegExp, address?: string): Promise<readonly string[]> {
  const found = await running.answers(address);
  const problems = answer.test(found)
    ? []
    : [`answers ${JSON.stringify(found)}, not ${answer}:\n${running.output}`];
  running.term();
  const code = await running.ended();
  // A plain script is ended by TERM; a server of ours ends by itself.
  if (code !== 0 && code !== 'SIGTERM') problems.push(`ended with ${code} on TERM:\n${running.output}`);
  return problems;
}

/** A program that serves, or ends. */
export class Running {
  output = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | string>;
  #isOver = false;

  constructor(
    [program = '', ...args]: readonly string[],
    { project, home, env = {} }: { project: string; home: EmptyHome; env?: NodeJS.ProcessEnv },
  ) {
    const options = { cwd: project, env: { ...home.env(), ...env } };
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    this.#exit = once(this.#child, 'close').then(([code, signal]) => {
      this.#isOver = true;
      return (code ?? signal) as number | string;
    });
  }

  /** The body of the first answer; what it printed when there is none. */
  async answers(address?: string, patienceMs: number = PATIENCE_MS): Promise<string> {
    for (const until = Date.now() + patienceMs; Date.now() < until && !this.#isOver; await pause(50)) {
      const url = address ?? /https?:\/\/[\w.:[\]]+/.exec(this.output)?.[0];
      if (url === undefined) continue;
      try {
        return await (await fetch(url)).text();
      } catch {
        // It does not listen yet.
      }
    }
    return this.output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  term(): void {
    this.#child.kill('SIGTERM');
  }

  /** Its exit code, or the signal that ended it; one that does not end is killed. */
  async ended(): Promise<number | string> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    try {
      return await this.#exit;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Runs a command that serves, waits for its answer, and for the end that TERM brings. */
export function tryServer(
  words: readonly string[],
  answer: RegExp,
  place: { readonly project: string; readonly home: EmptyHome; readonly env?: NodeJS.ProcessEnv },
): Promise<readonly string[]> {
  return serves(new Running(words, place), answer);
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
