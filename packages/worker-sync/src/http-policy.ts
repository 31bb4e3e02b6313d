import { DEFAULT_HTTP_POLICY, type HttpPolicy } from '@gunicorn-ts/http';
import type { Settings } from '@gunicorn-ts/interface';

const KEYS = Object.keys(DEFAULT_HTTP_POLICY) as (keyof HttpPolicy & keyof Settings)[];

/** The part of the settings that is about HTTP. */
export function httpPolicy(settings: Readonly<Settings>): HttpPolicy {
  return Object.fromEntries(KEYS.map((key) => [key, settings[key]])) as unknown as HttpPolicy;
}
