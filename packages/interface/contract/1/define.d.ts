import type { ConfigInput } from './config-input.ts';
import type { SettingDefinition } from './setting.ts';
import type { WorkerClass } from './worker.ts';
export declare function defineConfig(config: ConfigInput): ConfigInput;
export declare function defineWorker<T extends WorkerClass>(workerClass: T): T;
export declare function defineSetting<T>(definition: SettingDefinition<T>): SettingDefinition<T>;
