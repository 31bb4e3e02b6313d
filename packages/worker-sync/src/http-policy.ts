import { DEFAULT_HTTP_POLICY, type HttpPolicy } from '@gunicorn-ts/http';
import type { Settings } from '@gunicorn-ts/interface';

/** The HTTP policy that the settings ask for; what no setting says is as in Gunicorn. */
export function httpPolicy(settings: Readonly<Settings>): HttpPolicy {
  const known = Object.keys(DEFAULT_HTTP_POLICY).filter(
    (key) => (settings as unknown as Record<string, unknown>)[key] !== undefined,
  );
  const set = known.map((key) => [key, (settings as unknown as Record<string, unknown>)[key]] as const);
  return { ...DEFAULT_HTTP_POLICY, ...(Object.fromEntries(set) as Partial<HttpPolicy>) };
}
