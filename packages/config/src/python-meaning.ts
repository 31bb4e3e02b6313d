import { HOOK_SIDE, type Problem, type SettingDefinition } from '@gunicorn-ts/interface';
import { ABSENT_GUNICORN_SETTINGS, type AbsentSetting, asksForNothing } from './gunicorn-settings.ts';
import type { PythonFinding, PythonNames } from './python-names.ts';
import { nearest } from './suggestion.ts';

/** Where camel case alone does not lead from Gunicorn's name to ours. */
const RENAMED: Readonly<Record<string, string>> = {
  wsgi_app: 'app',
  logconfig: 'logConfig',
  logconfig_json: 'logConfigJson',
  logconfig_dict: 'logConfigDict',
};

/** `ssl_context` is not among them: TLS ends in Node.js, where no Python is called. */
const WORKER_HOOKS: ReadonlySet<string> = new Set(
  Object.entries(HOOK_SIDE)
    .filter(([name, side]) => side === 'worker' && name !== 'sslContext')
    .map(([name]) => snakeCase(name)),
);

/**
 * Says of every name in a configuration file in Python what it means here, in the order of the file. Pure.
 * Gunicorn ignores names that are no settings, since a file has variables of its own; `near` is the setting that
 * may have been meant.
 */
export function findMeanings(
  names: PythonNames,
  definitions: readonly SettingDefinition[],
): readonly PythonFinding[] {
  const known = new Map(definitions.map((definition) => [definition.key, definition]));
  const values = Object.entries(names.values).flatMap(([name, value]) => meaningOfValue(name, value, known));
  const functions = Object.keys(names.functions).flatMap((name) => meaningOfFunction(name));
  const objects = Object.entries(names.objects).flatMap(([name, text]) => meaningOfObject(name, text, known));
  return [...values, ...functions, ...objects];
}

function meaningOfValue(
  name: string,
  value: unknown,
  known: ReadonlyMap<string, SettingDefinition>,
): PythonFinding[] {
  const key = keyOfGunicornName(name);
  const definition = known.get(key);
  if (definition !== undefined && definition.isFunction !== true && name === nameOf(key)) {
    if (value === null) return [];
    return [{ kind: 'setting', name, key, value: adapt(value, definition) }];
  }
  const unavailable = ABSENT_GUNICORN_SETTINGS.get(name);
  if (unavailable !== undefined) return asksForNothing(unavailable, value) ? [] : [absent(unavailable)];
  if (isHook(name)) {
    if (value === null) return [];
    const message = `is a hook, and must be a function, not ${JSON.stringify(value)}`;
    return [{ kind: 'unsupported', name, problem: { setting: name, message } }];
  }
  return [{ kind: 'unknown', name, near: settingMeant(name, value, known) }];
}

/** The setting that a name may have been meant for. One that would say no more than the default is no loss. */
function settingMeant(
  name: string,
  value: unknown,
  known: ReadonlyMap<string, SettingDefinition>,
): string | undefined {
  const settings = [...known.values()].filter(({ isFunction }) => isFunction !== true);
  const words = settings.map(({ key }) => nameOf(key)).concat([...ABSENT_GUNICORN_SETTINGS.keys()]);
  const resembled = nearest(name, words);
  // The flag's name: access_logfile, preload. A word of its own may be anything: name, env.
  const flag = `--${name.replaceAll('_', '-')}`;
  const byFlag = settings.find((definition) => definition.flag?.names.includes(flag) === true);
  const near =
    byFlag !== undefined && (resembled !== undefined || name.includes('_')) ? nameOf(byFlag.key) : resembled;
  const absent = near === undefined ? undefined : ABSENT_GUNICORN_SETTINGS.get(near);
  if (absent !== undefined && asksForNothing(absent, value)) return undefined;
  const meant = settings.find(({ key }) => nameOf(key) === near);
  const isUsual =
    value === null || value === meant?.default || (value === false && meant?.default === undefined);
  return meant !== undefined && isUsual ? undefined : near;
}

function meaningOfFunction(name: string): PythonFinding[] {
  if (WORKER_HOOKS.has(name)) return [{ kind: 'worker-hook', name }];
  if (isHook(name)) return [{ kind: 'arbiter-hook', name, key: keyOfGunicornName(name) }];
  const unavailable = ABSENT_GUNICORN_SETTINGS.get(name);
  if (unavailable !== undefined) return [absent(unavailable)];
  // A function is no value of a setting, but may be a hook whose name is misspelt.
  return [{ kind: 'unknown', name, near: nearest(name, Object.keys(HOOK_SIDE).map(snakeCase)) }];
}

/** A class or another object: a helper of the file, unless it stands where a setting does. */
function meaningOfObject(
  name: string,
  text: string,
  known: ReadonlyMap<string, SettingDefinition>,
): PythonFinding[] {
  const key = keyOfGunicornName(name);
  // The child runs the file itself, and takes the dictionary or the class as it is.
  if (name === 'logconfig_dict' || name === 'logger_class') return [];
  if (name === 'worker_class') return [{ kind: 'setting', name, key, value: text }];
  if (known.has(key) && name === nameOf(key)) {
    const message = `is the Python object ${text}, which means nothing to a server in TypeScript`;
    return [
      { kind: 'unsupported', name, problem: { setting: name, message, cure: 'write its name or value' } },
    ];
  }
  const unavailable = ABSENT_GUNICORN_SETTINGS.get(name);
  return unavailable === undefined || asksForNothing(unavailable, text) ? [] : [absent(unavailable)];
}

function isHook(name: string): boolean {
  return Object.hasOwn(HOOK_SIDE, keyOfGunicornName(name));
}

function absent({ name, because, refusal = 'remove it' }: AbsentSetting): PythonFinding {
  const problem: Problem = { setting: name, message: `has no effect here: ${because}`, cure: refusal };
  return { kind: 'unsupported', name, problem };
}

/** Gunicorn takes texts where a value comes from the environment: `reload = os.getenv("RELOAD", "false")`. */
function adapt(value: unknown, definition: SettingDefinition): unknown {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  if (typeof definition.default === 'boolean' && (word === 'true' || word === 'false'))
    return word === 'true';
  return value;
}

/** Our key for a name of Gunicorn's. */
export function keyOfGunicornName(name: string): string {
  return RENAMED[name] ?? name.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function nameOf(key: string): string {
  return Object.entries(RENAMED).find(([, renamed]) => renamed === key)?.[0] ?? snakeCase(key);
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
