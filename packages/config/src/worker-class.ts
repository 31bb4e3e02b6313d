import type { SettingDefinition, WorkerClass } from '@gunicorn-ts/interface';
import { WorkerClassError } from './errors.ts';
import { flagsOf } from './flag.ts';
import { quote } from './value.ts';

const OUR_VERSION = 1;

/** Resolves the name in `workerClass` to what the package exports. Written by whoever knows the worker packages. */
export type ResolveWorkerClass = (
  name: string,
  cwd: string,
) => Promise<{ readonly workerClass: WorkerClass; readonly workerModule: string }>;

/**
 * The registry with the worker class's own settings added. Throws a `WorkerClassError` when the package
 * was written for another contract, or brings a key or a flag that exists.
 */
export function addWorkerSettings(
  builtin: readonly SettingDefinition[],
  workerClass: WorkerClass,
): readonly SettingDefinition[] {
  const version: unknown = workerClass.interfaceVersion;
  if (version !== OUR_VERSION) {
    throw new WorkerClassError(
      `worker class ${quote(workerClass.name)} is written for version ${quote(version)} of the worker interface, ` +
        `and this is version ${OUR_VERSION}; install versions of both that match`,
    );
  }
  const added = workerClass.settings ?? [];
  const keys = new Set(builtin.map((definition) => definition.key));
  const spellings = new Set(flagsOf(builtin).flatMap(spellingsOf));
  for (const definition of added) {
    const clash = keys.has(definition.key)
      ? `setting ${quote(definition.key)}`
      : spellingsOf(definition.flag ?? { names: [] }).find((spelling) => spellings.has(spelling));
    if (clash !== undefined) {
      throw new WorkerClassError(
        `worker class ${quote(workerClass.name)} brings a ${clash.startsWith('-') ? `flag ${clash}` : clash} ` +
          `that exists already; its author must choose another name`,
      );
    }
    keys.add(definition.key);
    for (const spelling of spellingsOf(definition.flag ?? { names: [] })) spellings.add(spelling);
  }
  return [...builtin, ...added];
}

function spellingsOf(flag: { readonly names: readonly string[]; readonly short?: string }): string[] {
  return flag.short === undefined ? [...flag.names] : [...flag.names, flag.short];
}
