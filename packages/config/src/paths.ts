import { resolve } from 'node:path';
import type { SettingDefinition, Settings } from '@gunicorn-ts/interface';
import { parseBind } from './bind.ts';

/**
 * The same settings with every path made absolute: `chdir` from the launch directory, all others from
 * `chdir`. `-` stands for stdout or stderr and stays.
 */
export function makeAbsolute(
  settings: Settings,
  launchDirectory: string,
  definitions: readonly SettingDefinition[],
): Settings {
  const chdir = resolve(launchDirectory, settings.chdir);
  const absolute = (path: string): string => resolve(chdir, path);
  const bind = settings.bind.map((entry) => {
    const target = parseBind(entry);
    return target.kind === 'unix' ? `unix:${absolute(target.path)}` : entry;
  });
  return { ...mapPaths(settings, definitions, absolute), chdir, bind };
}

/** The same settings with each path that one of them holds changed. */
export function mapPaths(
  settings: Readonly<Settings>,
  definitions: readonly SettingDefinition[],
  change: (path: string) => string,
): Settings {
  const values: Readonly<Record<string, unknown>> = { ...settings };
  const changed = definitions.flatMap(({ key, isPath }) =>
    isPath === true && values[key] !== undefined ? [[key, changeValue(values[key], change)] as const] : [],
  );
  return { ...settings, ...Object.fromEntries(changed) };
}

function changeValue(value: unknown, change: (path: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => changeValue(one, change));
  // `python:MODULE` is no path.
  return typeof value !== 'string' || value === '-' || value.startsWith('python:') ? value : change(value);
}
