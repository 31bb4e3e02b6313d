import { OperatorError, type VerbName } from '@gunicorn-ts/interface';
import { readVerbArguments } from './arguments.ts';
import { findServer, type Surroundings } from './find-server.ts';
import { type OutputIo, printJson } from './output.ts';
import { verbHelp } from './verb-help.ts';
import type { Verb } from './verb.ts';
import { verbs } from './verb-table.ts';

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
    const found = await findServer(wanted, around);
    try {
      return await verb.run(given, { ...found, io, env });
    } finally {
      found.session.close();
    }
  } catch (error) {
    const sent = sendSignal(verb, error);
    if (sent !== undefined) {
      io.stdout.write(`${sent}\n`);
      return 0;
    }
    if (given.isJson && OperatorError.is(error))
      printJson(io, { result: 'failed', code: error.code, error: error.message });
    throw error;
  }
}

/** A server without a control socket takes signals, and answers none of them. */
function sendSignal({ signal }: Verb, error: unknown): string | undefined {
  const { pid } = error as { pid?: number };
  if (!OperatorError.is(error) || pid === undefined || signal === undefined) return undefined;
  process.kill(pid, signal);
  return `Process ${pid} has no control socket: it was sent ${signal.slice(3)}, and what became of it is in its log`;
}
