import { readFileSync } from 'node:fs';
import type {
  ConfigInput,
  InstalledLoader,
  Problem,
  SettingDefinition,
  Settings,
} from '@gunicorn-ts/interface';
import { parseCommandLine, type CommandLine, type Where } from './command-line.ts';
import {
  findConfigFile,
  isPythonConfig,
  loadConfigFile,
  type ConfigFile,
  type NamedFile,
} from './config-file.ts';
import { countCpus } from './cpus.ts';
import { seemsToSetDaemon } from './daemon-hint.ts';
import { placeEnvFiles, runIn, type Variables } from './environment.ts';
import { ConfigFileError, UsageError } from './errors.ts';
import { FlagTable, flagsOf } from './flag.ts';
import { commandLineLayer, fileLayer, hookLayer, mergeLayers, type Merged } from './layers.ts';
import { renderSource, shortPath } from './problem-text.ts';
import { loadPythonConfig } from './python-file.ts';
import type { ReadPythonConfig } from './python-names.ts';
import type { Rehearse } from './rehearsal.ts';
import { splitShellWords } from './shell-words.ts';
import { explainUnknownKey } from './unknown-name.ts';
import type { ResolveWorkerClass } from './worker-class.ts';

/** What to interpret. */
export interface InterpretOptions {
  /** Arguments of the command, without `node` and the script. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The launch directory, as the operator calls it ({@link launchFolder}): the configuration file is looked for here. */
  readonly cwd: string;
  /** `reload` when the settings are read again. */
  readonly command: 'start' | 'reload';
  /** With `reload`: what the running server was started with. It keeps the settings that only a restart can change. */
  readonly running?: Readonly<Settings>;
  /** With `reload`: the configuration file that the running server has its settings from, if there is one. */
  readonly runningFile?: string | undefined;
  /** Tries a configuration file out before it is loaded here; that may harm the process that does it. */
  readonly rehearse?: Rehearse;
  readonly resolveWorkerClass: ResolveWorkerClass;
  /** Loaders beside the one for JavaScript, with the settings that they bring. */
  readonly loaders?: readonly InstalledLoader[];
  /** For `gunicorn.conf.py`; left out where nobody knows Python. */
  readonly readPythonConfig?: ReadPythonConfig | undefined;
  /** For `--version`. */
  readonly version: string;
  /**
   * Another process takes the place of this one when the command line asks for the background: the configuration file
   * is left to it, so that it runs once. Default: false.
   */
  readonly mayLeave?: boolean;
  /**
   * The settings are for a server that will run elsewhere or later: what they name there (folders, accounts,
   * certificates) is taken to exist. Default: false.
   */
  readonly elsewhere?: boolean;
}

/** Everything that settings are made from. */
export interface Inputs {
  readonly options: InterpretOptions;
  /** All settings but those of the worker class, which is known later. */
  readonly definitions: readonly SettingDefinition[];
  readonly file: ConfigFile | undefined;
  /** What workers have beyond the environment of the command. */
  readonly environment?: Variables;
  /** What a hook changes while the server starts: above all other layers. */
  readonly changes?: ConfigInput;
}

/** The words of both command lines, taken apart. */
export interface Words {
  readonly env: CommandLine;
  readonly flags: CommandLine;
}

/** Takes the command line and `GUNICORN_CMD_ARGS` apart. Throws a `UsageError` for a quote that is never closed. */
export function readWords(options: InterpretOptions, definitions: readonly SettingDefinition[]): Words {
  const table = new FlagTable(flagsOf(definitions));
  return {
    env: placeEnvFiles(parseCommandLine(wordsOfEnvironment(options.env), table, 'env'), options.cwd),
    flags: placeEnvFiles(parseCommandLine(options.argv, table, 'flag'), options.cwd),
  };
}

function wordsOfEnvironment(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    return splitShellWords(env['GUNICORN_CMD_ARGS'] ?? '');
  } catch (error) {
    throw new UsageError([
      { message: `GUNICORN_CMD_ARGS ${(error as Error).message}`, cure: 'close the quote' },
    ]);
  }
}

/** Finds and loads the configuration file, if there is one. */
export async function readFile(
  options: InterpretOptions,
  words: Words,
  definitions: readonly SettingDefinition[],
): Promise<{ file: ConfigFile | undefined; warnings: readonly Problem[] }> {
  const named = namedFile(words.flags, 'flag') ?? namedFile(words.env, 'env');
  const path = findConfigFile(named, options.cwd, options.runningFile);
  if (path === undefined) return { file: undefined, warnings: [] };
  if (isPythonConfig(path)) {
    const read = options.readPythonConfig;
    if (read !== undefined) {
      const place = { cwd: options.cwd, env: options.env, interpreter: interpreterOf(words) };
      return loadPythonConfig(path, { read, place }, definitions);
    }
    if (named === undefined) return { file: undefined, warnings: [pythonFileWarning(path)] };
    throw new ConfigFileError(
      `The configuration file ${named.name} (${renderSource(named.source)}) is Python, which needs the package @gunicorn-ts/python; install it, or write gunicorn.conf.ts`,
    );
  }
  await options.rehearse?.(path, options.env);
  const context = { env: options.env, cpus: countCpus(), command: options.command };
  const { result, changes } = await runIn(options.env, () => loadConfigFile(path, context));
  return { file: { ...result, environment: changes }, warnings: [] };
}

/** See `seemsToSetDaemon`. */
export function fileSeemsToSetDaemon(options: InterpretOptions, words: Words): boolean {
  try {
    const named = namedFile(words.flags, 'flag') ?? namedFile(words.env, 'env');
    const path = findConfigFile(named, options.cwd, options.runningFile);
    return path !== undefined && seemsToSetDaemon(readFileSync(path, 'utf8'));
  } catch {
    // Who reads it for its settings says what is wrong.
    return false;
  }
}

function interpreterOf({ flags, env }: Words): string | undefined {
  const value = (flags.given.get('python') ?? env.given.get('python'))?.value;
  return typeof value === 'string' ? value : undefined;
}

function namedFile(line: CommandLine, where: Where): NamedFile | undefined {
  const given = line.given.get('config');
  if (typeof given?.value !== 'string') return undefined;
  return { name: given.value, source: { kind: where, flag: given.spelling } };
}

function pythonFileWarning(path: string): Problem {
  return {
    message: `${shortPath(path)} is not read: configuration in Python needs the package @gunicorn-ts/python`,
    cure: 'install it, or write the settings in gunicorn.conf.ts',
  };
}

/** The inputs in the light of a registry. */
export interface Reading extends Merged {
  /** Flags that nobody defines or that lack a value, and further applications. */
  readonly misused: readonly Problem[];
  /** Flags of Gunicorn that have no effect here. */
  readonly idleFlags: readonly Problem[];
  /** Keys of the file that nobody defines. */
  readonly unknownKeys: readonly Problem[];
}

/** Reads all inputs with these settings as the only ones there are. */
export function readInputs(
  { options, file, changes }: Inputs,
  definitions: readonly SettingDefinition[],
): Reading {
  const { env, flags } = readWords(options, definitions);
  const fromFile = fileLayer(file);
  const layers = [
    fromFile,
    commandLineLayer(env, 'env'),
    commandLineLayer(flags, 'flag'),
    ...(changes === undefined ? [] : [hookLayer(changes)]),
  ];
  const known = new Set(definitions.map((definition) => definition.key));
  const unknownKeys = [...fromFile].flatMap(([key, { source }]) =>
    known.has(key) ? [] : [{ ...explainUnknownKey(key, definitions), source }],
  );
  const misused = [
    ...env.problems,
    ...furtherApplications(env),
    ...flags.problems,
    ...furtherApplications(flags),
  ];
  const idleFlags = [...env.warnings, ...flags.warnings];
  return { ...mergeLayers(definitions, layers, options.env), misused, idleFlags, unknownKeys };
}

/** Gunicorn takes the first one and ignores the rest, which hides a forgotten dash. */
function furtherApplications({ positionals: [first, ...rest], problems }: CommandLine): Problem[] {
  // It may well be the value of a flag that was not understood.
  if (problems.length > 0) return [];
  return rest.map((word) => ({
    message: `"${word}" is one argument too many: the application is "${first ?? ''}"`,
    cure: 'remove it, or put it behind the flag it belongs to',
  }));
}
