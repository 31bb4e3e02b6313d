import type { Problem, SettingDefinition, Settings } from '@gunicorn-ts/interface';

/**
 * A reload's settings, with those that only a restart can change as the running server has them: a part of the
 * server that followed the file would not fit the part that cannot. A warning names each that waits. Pure.
 */
export function holdSettings(
  read: Settings,
  running: Readonly<Settings>,
  definitions: readonly SettingDefinition[],
): { readonly settings: Settings; readonly warnings: readonly Problem[] } {
  const held: Record<string, unknown> = {};
  const warnings: Problem[] = [];
  for (const { key, takesEffect, isFunction } of definitions) {
    if (takesEffect !== 'restart' || isFunction === true) continue;
    const [before, now] = [running, read].map((settings) => settings[key as keyof Settings]);
    held[key] = before;
    if (JSON.stringify(before) !== JSON.stringify(now))
      warnings.push({ setting: key, message: 'has changed, which takes effect at the next restart' });
  }
  return { settings: { ...read, ...held }, warnings };
}
