import type { LoadedSettings } from '@gunicorn-ts/interface';

/** One sentence for each setting that changed in the file but needs a restart to take effect. */
export function changesThatWait(
  before: Pick<LoadedSettings, 'settings'>,
  after: Pick<LoadedSettings, 'settings' | 'definitions'>,
): string[] {
  return after.definitions
    .filter((definition) => definition.takesEffect === 'restart' && definition.isFunction !== true)
    .map((definition) => definition.key)
    .filter((key) => !same(before.settings, after.settings, key))
    .map((key) => `The setting ${key} has changed; it takes effect at the next restart.`);
}

function same(before: object, after: object, key: string): boolean {
  const value = (settings: object): string =>
    JSON.stringify((settings as Record<string, unknown>)[key]) ?? '';
  return value(before) === value(after);
}
