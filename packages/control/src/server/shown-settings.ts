import type { Settings } from '@gunicorn-ts/interface';

const HIDDEN = '***';

/** The settings in force, without what may be secret: values of the environment, and what is written into an application's target. */
export function shownSettings(settings: Readonly<Settings>): Readonly<Record<string, unknown>> {
  const shown = Object.entries(settings).map(([key, value]) => [key, shownValue(key, value)] as const);
  return Object.fromEntries(shown);
}

function shownValue(key: string, value: unknown): unknown {
  if (key === 'rawEnv' && Array.isArray(value))
    return value.map((pair) => String(pair).replace(/=[\s\S]*$/, `=${HIDDEN}`));
  if (key === 'app' && typeof value === 'string') return value.replace(/\([\s\S]*\)$/, `(${HIDDEN})`);
  return typeof value === 'function' ? undefined : value;
}
