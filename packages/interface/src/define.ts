import type { ConfigInput } from './config-input.ts';
import type { SettingDefinition } from './setting.ts';
import type { WorkerClass } from './worker.ts';

/** Gives `gunicorn.conf.ts` its types: `export default defineConfig({ workers: 4 })`. Returns its argument. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

/** Types a worker class: `export default defineWorker({ name: 'mine', … })`. Returns its argument. */
export function defineWorker<T extends WorkerClass>(workerClass: T): T {
  return workerClass;
}

/** Types one setting of a third-party worker class. Returns its argument. */
export function defineSetting<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  return definition;
}
