import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '@gunicorn-ts/posix';
import { EXIT_CODE, OperatorError, type VerbName } from '@gunicorn-ts/interface';
import { readVerbArguments } from './arguments.ts';
import { findServer, type Surroundings } from './find-server.ts';
import { type OutputIo, printJson } from './output.ts';
import { verbHelp } from './verb-help.ts';
import type { Verb, VerbArguments } from './verb.ts';
import { verbs } from './verb-table.ts';

/** How often it is looked whether a process has ended: nobody says so to whoever is not its parent. */
const LOOK_MS = 100;

/**
 * Runs one command for a running server. Results go to stdout, how it goes on to stderr.
 * @param argv the words behind the verb
 * @returns the exit code
 * @throws OperatorError that says what is wrong; with `--json` it has been printed as well
 */
export async function runVerb(
  name: VerbName,
  argv: readonly string[],
  around: Surroundings & { readonly io: OutputIo },
): Promise<number> {
  const verb = verbs[name];
  const { wanted, given, isHelp } = readVerbArguments(name, verb, argv);
  const { io, env } = around;
  if (isHelp) {
    io.stdout.write(`${verbHelp(name)}\n`);
    return 0;
  }
  try {
    const found = await findServer(wanted, { ...around, isEnd: verb.isEnd });
    try {
      return await verb.run(given, { ...found, io, env });
    } finally {
      found.session.close();
    }
  } catch (error) {
    const sent = await sendSignal(verb, given, error);
    if (sent !== undefined) {
      if (given.isJson) printJson(io, sent);
      else io.stdout.write(`${sent.text}\n`);
      return sent.result === 'failed' ? EXIT_CODE.failure : 0;
    }
    if (given.isJson && OperatorError.is(error))
      printJson(io, { result: 'failed', code: error.code, error: error.message });
    throw error;
  }
}

interface Sent {
  readonly result: 'done' | 'sent' | 'failed';
  readonly pid: number;
  readonly text: string;
}

/** A server without a control socket takes signals, and answers none of them. */
async function sendSignal(
  { signal: signalFor, isEnd }: Verb,
  given: VerbArguments,
  error: unknown,
): Promise<Sent | undefined> {
  const { pid } = error as { pid?: number };
  const signal = signalFor?.(given);
  if (!OperatorError.is(error) || pid === undefined || signal === undefined) return undefined;
  const { seconds } = given;
  process.kill(pid, signal);
  const said = `Process ${pid} has no control socket: it was sent ${signal.slice(3)}`;
  if (isEnd !== true) return { result: 'sent', pid, text: `${said}, and what became of it is in its log` };
  return (await hasEnded(pid, seconds))
    ? { result: 'done', pid, text: `${said}, and has ended` }
    : { result: 'failed', pid, text: `${said}, and has not ended after ${seconds} s` };
}

/** @param seconds 0 is as long as it takes */
async function hasEnded(pid: number, seconds: number): Promise<boolean> {
  const until = seconds === 0 ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  while (isRunning(pid)) {
    if (performance.now() > until) return false;
    await delay(LOOK_MS);
  }
  return true;
}
