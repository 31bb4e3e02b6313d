import type { ConfigInput, Problem, SettingDefinition, SettingSource } from '@gunicorn-ts/interface';
import type { CommandLine, Where } from './command-line.ts';
import type { ConfigFile } from './config-file.ts';

/** A value as somebody gave it, not checked yet. */
export interface GivenValue {
  readonly value: unknown;
  readonly source: SettingSource;
}

/** What one source gives. A value of a higher layer replaces the one below it, lists included. */
export type Layer = ReadonlyMap<string, GivenValue>;

/** Checked values, where each came from, and what was wrong. */
export interface Merged {
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, SettingSource>>;
  readonly problems: readonly Problem[];
}

/** What the flags give; the first positional is the application. */
export function commandLineLayer(line: CommandLine, where: Where): Layer {
  const layer = new Map<string, GivenValue>();
  for (const { key, spelling, value } of line.given.values()) {
    layer.set(key, { value, source: { kind: where, flag: spelling } });
  }
  const [app] = line.positionals;
  if (app !== undefined) layer.set('app', { value: app, source: { kind: where, flag: 'APP_MODULE' } });
  return layer;
}

/** What the configuration file gives. A key with the value `undefined` counts as left out. */
export function fileLayer(file: ConfigFile | undefined): Layer {
  const layer = new Map<string, GivenValue>();
  if (file === undefined) return layer;
  for (const key of Object.keys(file.input)) {
    const value = file.input[key as keyof ConfigInput];
    if (value === undefined) continue;
    const line = file.lineOf(key);
    layer.set(key, {
      value,
      source: { kind: 'file', path: file.path, ...(line === undefined ? {} : { line }) },
    });
  }
  return layer;
}

/** What hooks change while the server starts, by `onStarting`'s name in the language of the file. */
export function hookLayer(changes: ConfigInput): Layer {
  const source: SettingSource = { kind: 'hook', hook: 'on_starting' };
  return new Map(Object.entries(changes).map(([key, value]) => [key, { value, source }]));
}

/**
 * Checks every value of every layer, lowest layer first, and keeps the highest of each setting. A wrong
 * value is a problem also where a higher layer hides it: it would come to light at the worst time.
 */
export function mergeLayers(
  definitions: readonly SettingDefinition[],
  layers: readonly Layer[],
  env: NodeJS.ProcessEnv,
): Merged {
  const values: Record<string, unknown> = {};
  const sources: Record<string, SettingSource> = {};
  const problems: Problem[] = [];
  for (const definition of definitions) {
    const { key } = definition;
    const given = layers.flatMap((layer) => layer.get(key) ?? []);
    const start = given.length === 0 ? [defaultOf(definition, env)] : [];
    for (const step of [...start, ...given.map((value) => parseGiven(definition, value))]) {
      if ('problem' in step) problems.push(step.problem);
      else values[key] = step.value;
      sources[key] = step.source;
    }
  }
  return { values, sources, problems };
}

type Step =
  | { readonly value: unknown; readonly source: SettingSource }
  | { readonly problem: Problem; readonly source: SettingSource };

/** A default that reads the environment says which variable it found. */
function defaultOf({ key, default: value }: SettingDefinition, env: NodeJS.ProcessEnv): Step {
  if (typeof value !== 'function') return { value, source: { kind: 'default' } };
  const found: string[] = [];
  const watched = new Proxy(env, {
    get(target, name) {
      const text = Reflect.get(target, name) as string | undefined;
      if (typeof name === 'string' && text !== undefined && text !== '') found.push(name);
      return text;
    },
  });
  try {
    const made = (value as (env: NodeJS.ProcessEnv) => unknown)(watched);
    const variable = found.at(-1);
    return {
      value: made,
      source: variable === undefined ? { kind: 'default' } : { kind: 'default-env', variable },
    };
  } catch (error) {
    const variable = found.at(-1) ?? '';
    const source: SettingSource = { kind: 'default-env', variable };
    const cure = `correct ${variable}, or unset it`;
    return { problem: { setting: key, message: (error as Error).message, source, cure }, source };
  }
}

function parseGiven(definition: SettingDefinition, given: GivenValue): Step {
  const { source } = given;
  try {
    return { value: definition.parse(given.value), source };
  } catch (error) {
    const cure = example(definition, source);
    const problem = {
      setting: definition.key,
      message: (error as Error).message,
      source,
      ...(cure ? { cure } : {}),
    };
    return { problem, source };
  }
}

function example(definition: SettingDefinition, source: SettingSource): string | undefined {
  if (definition.example === undefined) return undefined;
  if (source.kind === 'file') return `for example ${definition.key}: ${definition.example}`;
  const first = /^\['([^']*)'/.exec(definition.example)?.[1];
  const value =
    first ??
    (/^[\d_]+$/.test(definition.example)
      ? definition.example.replaceAll('_', '')
      : definition.example.replace(/^'(.*)'$/, '$1'));
  if (source.kind === 'flag' || source.kind === 'env') return `for example ${source.flag} ${value}`;
  return undefined;
}
