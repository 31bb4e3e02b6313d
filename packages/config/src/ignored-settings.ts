import { isDeepStrictEqual } from 'node:util';
import type { Problem, SettingDefinition, SettingSource, WorkerClass } from '@gunicorn-ts/interface';

/** What was read of the settings, by key. */
interface Given {
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, SettingSource>>;
}

/**
 * Settings and hooks that somebody gave and that this worker class leaves without effect. One that says the default asks
 * for nothing: files that are copied from Gunicorn's example spell out many. Pure.
 */
export function findIgnored(
  { name, serves, ignores = [] }: WorkerClass,
  definitions: readonly SettingDefinition[],
  { values, sources }: Given,
): Problem[] {
  const ignored = new Set<string>([...ignores, ...(serves.keepAlive ? [] : ['keepalive'])]);
  return definitions
    .filter(({ key }) => ignored.has(key))
    .filter(({ key, default: usual }) => wasGiven(sources[key]) && !isDeepStrictEqual(values[key], usual))
    .map(({ key }) => ({
      setting: key,
      message: `has no effect with worker class "${name}"`,
      cure: 'remove it, or choose another workerClass',
    }));
}

function wasGiven(source: SettingSource | undefined): boolean {
  return source !== undefined && source.kind !== 'default' && source.kind !== 'default-env';
}
