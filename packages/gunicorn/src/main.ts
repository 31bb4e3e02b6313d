import { PARENT_VARIABLE, runArbiter, withholdDescriptors } from '@gunicorn-ts/arbiter';
import {
  interpretCommandLine,
  type InterpretOptions,
  launchFolder,
  renderPrintConfig,
  renderProblem,
} from '@gunicorn-ts/config';
import { EXIT_CODE, type InstalledLoader, type LoadedSettings } from '@gunicorn-ts/interface';
import { createErrorLog, surviveStandardStreams } from '@gunicorn-ts/logging';
import { workerHostEntry } from '@gunicorn-ts/worker-host';
import { keepTidy } from './compiled-folder.ts';
import { joinControl } from './control.ts';
import { type Io, reportError } from './io.ts';
import { joinServiceManager } from './service-manager.ts';
import { daemonize, isInBackground, isUnwanted, reportToTerminal } from './daemon.ts';
import { type Program, takeProgram } from './launcher.ts';
import { migrate } from './migrate.ts';
import { Operations } from './operations.ts';
import { mayTakeEntries, prepareApplication } from './prepare.ts';
import { checkLoad } from './check.ts';
import { findPythonConfig, findPythonLoader } from './python-package.ts';
import { version } from './version.ts';
import { rehearsalOf } from './rehearsal.ts';
import { reread } from './reread.ts';
import { resolveWorkerClass } from './worker-class.ts';

/**
 * The command: arguments in, exit code out. Results go to stdout, everything else to stderr. Errors meant
 * for the operator appear as one sentence; any other keeps its stack, since it is a bug of ours.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  surviveStandardStreams();
  try {
    return await run(argv, io);
  } catch (error) {
    const { text, exitCode } = reportError(error, io);
    reportToTerminal(text);
    return exitCode;
  }
}

/** How the command was started, and what it reads settings with. */
interface Start {
  readonly options: Omit<InterpretOptions, 'command'> & { readonly loaders: readonly InstalledLoader[] };
  readonly program: Program['words'];
  readonly inBackground: boolean;
  readonly io: Io;
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const cwd = launchFolder(io.env);
  // A copy: the arbiter removes what was meant for it alone, and a reload must see the rest as it was.
  const env = { ...io.env };
  const program = takeProgram([env, io.env], cwd).words;
  const python = findPythonConfig(cwd);
  const loaders = await findPythonLoader(cwd);
  if (argv[0] === 'migrate') {
    io.stdout.write(await migrate(argv.slice(1), { cwd, env, python, loaders }));
    return EXIT_CODE.ok;
  }
  const readPythonConfig = python?.read;
  const options = { argv, env, cwd, resolveWorkerClass, loaders, readPythonConfig, version };
  const inBackground = isInBackground(env);
  // What a service manager gave this process is handed on further below.
  const mayLeave = !inBackground && env['NOTIFY_SOCKET'] === undefined;
  let interpretation = await interpretCommandLine({ ...options, command: 'start', mayLeave });
  if (interpretation.kind === 'background') {
    const { keepsOutput, isCertain } = interpretation;
    const outcome = await daemonize([...program, ...argv], keepsOutput ? 'keep' : 'close', {
      cwd,
      env,
      isCertain,
    });
    if (outcome !== 'unwanted') return outcome;
    interpretation = await interpretCommandLine({ ...options, command: 'start' });
  }
  if (interpretation.kind === 'background') throw new Error('a command that may not leave has left');
  if (interpretation.kind !== 'settings') {
    io.stdout.write(`${interpretation.text}\n`);
    return EXIT_CODE.ok;
  }
  return begin(interpretation.loaded, { options, program, inBackground, io });
}

/** What the settings lead to: an answer, another process in the background, or the arbiter. */
async function begin(loaded: LoadedSettings, { options, program, inBackground, io }: Start): Promise<number> {
  const { argv, cwd, env, loaders } = options;
  if (isUnwanted(loaded.settings)) {
    loaded.configProcess?.close();
    return EXIT_CODE.ok;
  }
  if (loaded.settings.printConfig) io.stdout.write(`${renderPrintConfig(loaded)}\n`);
  process.chdir(loaded.settings.chdir);
  withholdDescriptors(loaded.settings);
  const { bootTimeout } = loaded.settings;
  const warn = (text: string): unknown => io.stderr.write(`Warning: ${text}\n`);
  const manager = await joinServiceManager({ envs: [env, io.env], bootTimeout, warn });
  if (loaded.settings.printConfig || loaded.settings.checkConfig) {
    for (const warning of loaded.warnings) io.stderr.write(`Warning: ${renderProblem(warning)}\n`);
    const { compiledFolder } = io;
    await checkLoad(loaded, { loaders, env, launchFolder: cwd, compiledFolder });
    return EXIT_CODE.ok;
  }
  if (loaded.settings.daemon && !inBackground) {
    loaded.configProcess?.close();
    const stdio = loaded.settings.enableStdioInheritance ? 'keep' : 'close';
    const where = { cwd, env: { ...env, ...manager.env }, isCertain: true };
    return (await daemonize([...program, ...argv], stdio, where)) as number;
  }
  const operations = await Operations.open(loaded.settings, env[PARENT_VARIABLE] !== undefined);
  const { definitions } = loaded;
  const control = await joinControl(loaded.settings, env, {
    recorder: operations.recorder,
    rehearsal: rehearsalOf({ program, argv, cwd, env, definitions }),
  });
  return runArbiter({
    loaded,
    reload: (running, signal) => reread({ ...options, running: loaded.settings }, running, signal),
    openLog: createErrorLog,
    holdEntries: mayTakeEntries(loaders, loaded),
    onLogEntry: operations.logged,
    workerHostEntry,
    compiledFolder: io.compiledFolder,
    prepare: (ready, context) => prepareApplication(loaders, ready, context),
    command: { program, argv },
    cwd,
    env,
    version,
    secondArbiterEnv: manager.env,
    subscribers: [
      ({ moment }) => (moment === 'ready' ? reportToTerminal() : undefined),
      ...manager.subscribers,
      operations.tell,
      ...control,
      keepTidy(io.compiledFolder),
    ],
  });
}
