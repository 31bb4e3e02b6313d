import type { InstalledLoader, SettingDefinition, SettingKey } from '@gunicorn-ts/interface';
import type { Definitions, HookDefinitions } from './definition.ts';
import { applicationSettings } from './settings/application.ts';
import { controlSettings } from './settings/control.ts';
import { debuggingSettings } from './settings/debugging.ts';
import { http2Settings } from './settings/http2.ts';
import { httpSettings } from './settings/http.ts';
import { loggingSettings } from './settings/logging.ts';
import { operationSettings } from './settings/operation.ts';
import { processNamingSettings } from './settings/process-naming.ts';
import { securitySettings } from './settings/security.ts';
import { hookDefinitions } from './settings/server-hooks.ts';
import { serverMechanicsSettings } from './settings/server-mechanics.ts';
import { serverSocketSettings } from './settings/server-socket.ts';
import { tlsSettings } from './settings/tls.ts';
import { workerProcessSettings } from './settings/worker-processes.ts';

/** The compiler refuses this table when a key of `Settings` or of `Hooks` has no record, or one of another type. */
const table: Definitions<SettingKey> & HookDefinitions = {
  ...applicationSettings,
  ...serverSocketSettings,
  ...workerProcessSettings,
  ...securitySettings,
  ...httpSettings,
  ...http2Settings,
  ...debuggingSettings,
  ...serverMechanicsSettings,
  ...loggingSettings,
  ...controlSettings,
  ...operationSettings,
  ...processNamingSettings,
  ...tlsSettings,
  ...hookDefinitions,
};

/** Every built-in setting and hook, in the order of `--help` and of the reference page. */
export const builtinDefinitions: readonly SettingDefinition[] = Object.values(table);

/** The registry with the settings of further loaders, which are known before anything is read. */
export function withLoaderSettings(
  builtin: readonly SettingDefinition[],
  loaders: readonly InstalledLoader[] = [],
): readonly SettingDefinition[] {
  return [...builtin, ...loaders.flatMap(({ loader }) => loader.settings ?? [])];
}
