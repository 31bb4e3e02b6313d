import type { ConfigInput } from './config-input.ts';
import type { Hooks } from './hooks.ts';
import type { Problem, SettingSource } from './problem.ts';
import type { SettingDefinition } from './setting.ts';
import type { Settings } from './settings.ts';
import type { WorkerClass } from './worker.ts';
export interface ConfigProcess {
    hasModule(name: string): Promise<boolean>;
    close(): void;
}
export interface LoadedSettings {
    readonly settings: Readonly<Settings>;
    readonly sources: Readonly<Record<string, SettingSource>>;
    readonly hooks: Hooks;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly folder: string;
    readonly configFile: string | undefined;
    readonly workerClass: WorkerClass;
    readonly workerModule: string;
    readonly loaderModules: readonly string[];
    readonly definitions: readonly SettingDefinition[];
    readonly warnings: readonly Problem[];
    readonly configProcess?: ConfigProcess | undefined;
    readonly uncalled?: readonly Problem[] | undefined;
    revise?(changes: ConfigInput): Promise<LoadedSettings>;
}
