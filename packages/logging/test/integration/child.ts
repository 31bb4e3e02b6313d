import { type ChildProcess, execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** A directory that is removed with the test. */
export function temporaryDirectory(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'logging-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A FIFO, which is a real pipe: what `spawn` calls a pipe is a pair of sockets. */
export function makeFifo(t: ExecutionContext): string {
  const path = join(temporaryDirectory(t), 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}

/** Runs one of the programs beside this file. It is killed with the test. */
export function run(
  t: ExecutionContext,
  command: { program: string; args: readonly (string | number)[]; stdio: StdioOptions },
): ChildProcess {
  const program = join(import.meta.dirname, 'programs', command.program);
  const child = spawn(process.execPath, [program, ...command.args.map(String)], { stdio: command.stdio });
  t.teardown(() => void child.kill('SIGKILL'));
  return child;
}

/** Everything a stream says until it ends. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const piece of stream) text += piece;
  return text;
}

/** The first line of a stream, which must say one. */
export async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const piece of stream) {
    text += piece;
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}

export async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
