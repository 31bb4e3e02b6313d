import { resolve } from 'node:path';
import type { LoadedSettings, Settings } from '@gunicorn-ts/interface';
import { envFilesOf, readEnvFiles } from './environment.ts';
import { renderHelp } from './help.ts';
import {
  fileSeemsToSetDaemon,
  readFile,
  readInputs,
  readWords,
  type Inputs,
  type InterpretOptions,
  type Words,
} from './inputs.ts';
import { findWorkerClass, loadSettings } from './load.ts';
import { builtinDefinitions, withLoaderSettings } from './registry.ts';
import { addWorkerSettings } from './worker-class.ts';

/** What the command line asks for. */
export type Interpretation =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version'; readonly text: string }
  /** See {@link InterpretOptions.mayLeave}. */
  | { readonly kind: 'background'; readonly keepsOutput: boolean; readonly isCertain: boolean }
  | { readonly kind: 'settings'; readonly loaded: LoadedSettings };

/**
 * Reads the settings from all their sources, lowest first: defaults, configuration file,
 * `GUNICORN_CMD_ARGS`, flags; then checks them against each other and against the machine.
 *
 * Throws a `UsageError` (exit code 2) when the command line could not be understood, a `ConfigFileError` or
 * a `SettingsError` (exit code 1) for everything else, and whatever the resolution of the worker class throws.
 */
export async function interpretCommandLine(options: InterpretOptions): Promise<Interpretation> {
  const definitions = withLoaderSettings(builtinDefinitions, options.loaders);
  const words = readWords(options, definitions);
  if (words.flags.asked === 'version') return { kind: 'version', text: versionText(options.version) };
  if (words.flags.asked === 'help')
    return { kind: 'help', text: await helpText({ options, file: undefined, definitions }) };
  if (options.mayLeave === true && mayStart(words)) {
    const isCertain = isGiven(words, 'daemon');
    if (isCertain || fileSeemsToSetDaemon(options, words))
      return { kind: 'background', keepsOutput: isGiven(words, 'enableStdioInheritance'), isCertain };
  }
  // Flags and GUNICORN_CMD_ARGS are known before the configuration file, which is to see what their files give.
  const added = readEnvFiles(envFilesOf(words.flags, words.env), options.env);
  const seen = { ...options, env: { ...added, ...options.env } };
  const { file, warnings } = await readFile(seen, words, definitions);
  try {
    const inputs = withEnvFiles({ options: seen, file, definitions }, added);
    return { kind: 'settings', loaded: await loadSettings(inputs, warnings) };
  } catch (error) {
    file?.process?.close();
    throw error;
  }
}

/** Which Gunicorn this is: the one from PyPI says `gunicorn (version 27.0.1)`, and may be on the same machine. */
function versionText(version: string): string {
  return `gunicorn-ts (version ${version}): Gunicorn in TypeScript, on Node.js ${process.versions.node}`;
}

/** Whether the words ask for a server, and are understood. */
function mayStart(words: Words): boolean {
  const problems = words.flags.problems.length + words.env.problems.length;
  return problems === 0 && !isGiven(words, 'checkConfig') && !isGiven(words, 'printConfig');
}

function isGiven({ env, flags }: Words, key: string): boolean {
  return [env, flags].some(({ given }) =>
    [...given.values()].some((flag) => flag.key === key && flag.value === true),
  );
}

/** With the variables of the files that the configuration file names: defaults are read from them, too. */
function withEnvFiles(inputs: Inputs, added: Readonly<Record<string, string>>): Inputs {
  const { options, file, definitions } = inputs;
  const { chdir = '.', envFile = [] } = readInputs(inputs, definitions).values as Partial<Settings>;
  const folder = options.running?.chdir ?? resolve(options.cwd, chdir);
  const more = readEnvFiles(
    envFile.map((one) => resolve(folder, one)),
    options.env,
  );
  const environment = { ...added, ...more, ...file?.environment };
  return { ...inputs, environment, options: { ...options, env: { ...more, ...options.env } } };
}

/** Help shows the worker class's flags when it can be found, and does without when not. */
async function helpText(inputs: Inputs): Promise<string> {
  try {
    const { workerClass } = await findWorkerClass(inputs);
    return renderHelp(addWorkerSettings(inputs.definitions, workerClass));
  } catch {
    return renderHelp(inputs.definitions);
  }
}
