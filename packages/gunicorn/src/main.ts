import { createRequire } from 'node:module';
import { checkApplication, runArbiter } from '@gunicorn-ts/arbiter';
import { interpretCommandLine, type Interpretation, renderPrintConfig } from '@gunicorn-ts/config';
import { EXIT_CODE, type LoadedSettings, OperatorError } from '@gunicorn-ts/interface';
import { createErrorLog } from '@gunicorn-ts/logging';
import { workerHostEntry } from '@gunicorn-ts/worker-host';
import { daemonize, isDaemonChild, reportToTerminal } from './daemon.ts';
import { resolveWorkerClass } from './worker-class.ts';

/** What the command reads and writes. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * The command: arguments in, exit code out. Results go to stdout, everything else to stderr. Errors meant
 * for the operator appear as one sentence; any other keeps its stack, since it is a bug of ours.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    io.stderr.write(`\n${describe(error)}\n`);
    reportToTerminal(describe(error));
    return OperatorError.is(error) ? error.exitCode : EXIT_CODE.failure;
  }
}

function describe(error: unknown): string {
  if (OperatorError.is(error)) return `Error: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const cwd = process.cwd();
  // A copy: the arbiter removes what was meant for it alone, and a reload must see the rest as it was.
  const env = { ...io.env };
  const interpret = (command: 'start' | 'reload'): Promise<Interpretation> =>
    interpretCommandLine({ argv, env, cwd, command, resolveWorkerClass, version });
  const interpretation = await interpret('start');
  if (interpretation.kind !== 'settings') {
    io.stdout.write(`${interpretation.text}\n`);
    return EXIT_CODE.ok;
  }
  const { loaded } = interpretation;
  if (loaded.settings.printConfig) io.stdout.write(`${renderPrintConfig(loaded)}\n`);
  process.chdir(loaded.settings.chdir);
  if (loaded.settings.printConfig || loaded.settings.checkConfig) return check(loaded, env);
  if (loaded.settings.daemon && !isDaemonChild(env))
    return daemonize({ argv: process.argv.slice(1), cwd, env, io });
  return serve(loaded, { cwd, env, reload: async () => settingsOf(await interpret('reload')) });
}

async function check(loaded: LoadedSettings, env: NodeJS.ProcessEnv): Promise<number> {
  await checkApplication(loaded, { workerHostEntry, env });
  return EXIT_CODE.ok;
}

function serve(
  loaded: LoadedSettings,
  context: { cwd: string; env: NodeJS.ProcessEnv; reload(): Promise<LoadedSettings> },
): Promise<number> {
  return runArbiter({
    loaded,
    reload: context.reload,
    openLog: createErrorLog,
    workerHostEntry,
    argv: process.argv.slice(1),
    cwd: context.cwd,
    env: context.env,
    version,
    subscribers: [({ moment }) => (moment === 'ready' ? reportToTerminal() : undefined)],
  });
}

function settingsOf(interpretation: Interpretation): LoadedSettings {
  // The same arguments led to settings before, and the environment cannot turn them into `--help`.
  if (interpretation.kind !== 'settings') throw new Error(`a reload led to ${interpretation.kind}`);
  return interpretation.loaded;
}
