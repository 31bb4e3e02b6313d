import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { groupLimits } from '@gunicorn-ts/posix';
import {
  OperatorError,
  type ConfigInput,
  type Hooks,
  type Loader,
  type LoadedSettings,
  type Problem,
  type SettingDefinition,
  type Settings,
  type WorkerClass,
} from '@gunicorn-ts/interface';
import { findCrowding } from './crowding.ts';
import { SettingsError, UsageError } from './errors.ts';
import { assumeFacts } from './assumed-facts.ts';
import { type Facts, gatherFacts, lookAt, unixSockets } from './facts.ts';
import { holdSettings } from './held-settings.ts';
import { readInputs, type Inputs, type InterpretOptions, type Reading } from './inputs.ts';
import { findIgnored } from './ignored-settings.ts';
import { findOddities } from './oddities.ts';
import { whyMissingNote } from './missing-path.ts';
import { makeAbsolute } from './paths.ts';
import { builtinDefinitions } from './registry.ts';
import { findProblems } from './rules.ts';
import { DEFAULT_WORKER_CLASS } from './settings/worker-processes.ts';
import { addWorkerSettings, type ResolveWorkerClass } from './worker-class.ts';

/** What `workerClass` led to, and what the operator should hear of it. */
type FoundWorkerClass = Awaited<ReturnType<ResolveWorkerClass>> & {
  readonly notes: readonly Problem[];
  /** What a loader took from the worker class that was named, above what was given. */
  readonly settings: ConfigInput;
};

/**
 * Settings from their inputs, in two steps: the worker class is found first, since it may bring settings
 * of its own, and then everything is read with these.
 */
export async function loadSettings(given: Inputs, warnings: readonly Problem[]): Promise<LoadedSettings> {
  const found = await findWorkerClass(given);
  const inputs = { ...given, changes: { ...found.settings, ...given.changes } };
  const definitions = addWorkerSettings(inputs.definitions, found.workerClass);
  const reading = readInputs(inputs, definitions);
  if (reading.misused.length + reading.problems.length > 0)
    refuseWhenWrong(reading, [...reading.misused, ...reading.unknownKeys, ...reading.problems]);

  const { read, hooks } = separateHooks(reading);
  const { settings, held } = settle(read, inputs.options, definitions);
  // A key that nobody knows keeps no other mistake from being found.
  const problems = [
    ...reading.unknownKeys,
    ...findProblems(settings, await learnFacts(settings, inputs.options)),
    ...askWorkerClass(settings, found.workerClass),
  ];
  if (problems.length > 0) throw new SettingsError(problems.map((problem) => addSource(problem, reading)));
  return Object.freeze({
    settings,
    hooks,
    definitions,
    sources: reading.sources,
    configFile: inputs.file?.path,
    folder: realFolder(settings.chdir),
    environment: inputs.environment ?? {},
    workerClass: found.workerClass,
    workerModule: found.workerModule,
    loaderModules: (inputs.options.loaders ?? []).map(({ loaderModule }) => loaderModule),
    configProcess: inputs.file?.process,
    uncalled: inputs.file?.uncalled,
    revise: (changes: ConfigInput) =>
      loadSettings({ ...inputs, changes: { ...inputs.changes, ...changes } }, []),
    warnings: [
      ...warnings,
      ...found.notes,
      ...reading.idleFlags,
      ...[
        ...held,
        ...findOddities(settings),
        ...(inputs.options.elsewhere === true ? [] : findCrowding(settings, groupLimits())),
        ...findIgnored(found.workerClass, definitions, reading),
      ].map((one) => addSource(one, reading)),
    ],
  });
}

function learnFacts(
  settings: Settings,
  { elsewhere, env, running }: InterpretOptions,
): Facts | Promise<Facts> {
  if (elsewhere === true) return assumeFacts(settings);
  // systemd has opened the sockets that it hands over; which ones, the arbiter says.
  const activated = env['LISTEN_FDS'] !== undefined && env['LISTEN_PID'] === String(process.pid);
  const held = activated ? unixSockets(settings) : running === undefined ? [] : unixSockets(running);
  return gatherFacts(settings, new Set(held));
}

/**
 * Resolves the name in `workerClass`, seen from `chdir`. When that fails, wrong values of built-in settings are
 * reported with it; what is unknown then may be the worker class's, and is passed over.
 */
export async function findWorkerClass(inputs: Inputs): Promise<FoundWorkerClass> {
  const { options } = inputs;
  const first = readInputs(inputs, inputs.definitions);
  const { workerClass: named = DEFAULT_WORKER_CLASS, chdir = '.' } = first.values as Partial<Settings>;
  const folder = options.running?.chdir ?? resolve(options.cwd, chdir);
  const choice = chosenByLoader(inputs, first, folder);
  const workerClass = choice?.workerClass ?? named;
  if (lookAt(folder).kind !== 'folder') {
    const problem = {
      setting: 'chdir',
      message: `must be a folder that exists, not "${folder}"${whyMissingNote(folder)}`,
      cure: 'create it, or name another',
    };
    refuseWhenWrong(first, [...first.problems, addSource(problem, first)]);
  }
  try {
    const resolved = await options.resolveWorkerClass(workerClass, folder);
    const notes = choice === undefined ? [] : [{ message: choice.because }];
    return { ...resolved, notes, settings: choice?.settings ?? {} };
  } catch (error) {
    if (first.problems.length === 0 || !OperatorError.is(error)) throw error;
    return refuseWhenWrong(first, [...first.problems, { message: error.message }]) as never;
  }
}

function chosenByLoader(
  { options }: Inputs,
  { values }: Reading,
  folder: string,
): ReturnType<NonNullable<Loader['chooseWorkerClass']>> {
  for (const { loader } of options.loaders ?? []) {
    const choice = loader.chooseWorkerClass?.(values, folder);
    if (choice !== undefined) return choice;
  }
  return undefined;
}

/** A mistake in a flag, or in its value, means that the command line could not be understood: exit code 2. */
function refuseWhenWrong(reading: Reading, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const inFlag = ({ source }: Problem): boolean => source?.kind === 'flag' || source?.kind === 'env';
  const isUsage = problems.some((problem) => reading.misused.includes(problem));
  if (isUsage || reading.problems.some(inFlag)) throw new UsageError(problems);
  throw new SettingsError(problems);
}

function separateHooks(reading: Reading): { read: Settings; hooks: Hooks } {
  const hookKeys = new Set(builtinDefinitions.flatMap(({ key, isFunction }) => (isFunction ? [key] : [])));
  const entries = Object.entries(reading.values);
  const read = Object.fromEntries(entries.filter(([key]) => !hookKeys.has(key))) as unknown as Settings;
  const hooks = entries.filter(([key, value]) => hookKeys.has(key) && value !== undefined);
  return { read, hooks: Object.freeze(Object.fromEntries(hooks)) };
}

/** That of a server that will run elsewhere may not be here. */
function realFolder(chdir: string): string {
  return lookAt(chdir).kind === 'folder' ? realpathSync(chdir) : chdir;
}

/** Makes paths absolute, and keeps what a running server cannot change. */
function settle(
  read: Settings,
  { cwd, running }: InterpretOptions,
  definitions: readonly SettingDefinition[],
): { settings: Readonly<Settings>; held: readonly Problem[] } {
  if (running === undefined)
    return { settings: freeze(makeAbsolute(withKey(read), cwd, definitions)), held: [] };
  const chdir = resolve(cwd, read.chdir);
  const absolute = makeAbsolute({ ...withKey(read), chdir: running.chdir }, cwd, definitions);
  const { settings, warnings } = holdSettings({ ...absolute, chdir }, running, definitions);
  return { settings: freeze(settings), held: warnings };
}

/** A file of certificates may hold the key as well, as OpenSSL reads it. */
function withKey(read: Settings): Settings {
  return { ...read, keyfile: read.keyfile ?? read.certfile };
}

function freeze(settings: Settings): Readonly<Settings> {
  for (const value of Object.values(settings)) if (Array.isArray(value)) Object.freeze(value);
  return Object.freeze(settings);
}

function askWorkerClass(settings: Readonly<Settings>, workerClass: WorkerClass): Problem[] {
  const noTls = settings.certfile !== undefined && !workerClass.serves.tls;
  const tls = {
    setting: 'certfile',
    message: `cannot be used: worker class "${workerClass.name}" does not serve TLS`,
    cure: 'remove it, or choose another workerClass',
  };
  const noHttp2 = settings.httpProtocols.includes('h2') && workerClass.serves.http2 !== true;
  const http2 = {
    setting: 'httpProtocols',
    message: `names h2, and worker class "${workerClass.name}" does not serve HTTP/2`,
    cure: `write workerClass: 'event', or httpProtocols: ['http/1.1']`,
  };
  return [...(noTls ? [tls] : []), ...(noHttp2 ? [http2] : []), ...(workerClass.check?.(settings) ?? [])];
}

function addSource(problem: Problem, { sources }: Reading): Problem {
  const source = problem.setting === undefined ? undefined : sources[problem.setting];
  return problem.source !== undefined || source === undefined ? problem : { ...problem, source };
}
