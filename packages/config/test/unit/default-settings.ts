import type { Settings } from '@gunicorn-ts/interface';
import { mergeLayers } from '../../src/layers.ts';
import { builtinDefinitions } from '../../src/registry.ts';

/** The settings of somebody who set nothing but the application. */
export function defaultSettings(): Settings {
  const { values } = mergeLayers(
    builtinDefinitions.filter((definition) => definition.isFunction !== true),
    [],
    {},
  );
  return { ...(values as unknown as Settings), app: 'app.ts' };
}
