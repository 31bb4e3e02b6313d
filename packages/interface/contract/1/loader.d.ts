import type { Application } from './application.ts';
import type { ConfigInput } from './config-input.ts';
import type { ArbiterFacade, Hooks } from './hooks.ts';
import type { ConfigProcess } from './loaded.ts';
import type { ErrorLogOutlet, Logger, LogLevel } from './logger.ts';
import type { WorkerIdentity } from './message.ts';
import type { Settings } from './settings.ts';
import type { SettingDefinition } from './setting.ts';
export interface TargetContext {
    readonly settings: Readonly<Settings>;
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly log: Logger;
    readonly configProcess?: ConfigProcess | undefined;
}
export interface LoaderContext extends TargetContext {
    readonly prepared?: string;
    readonly entries?: LogLevel;
    readonly mode: 'serve' | 'check';
    readonly age: number;
    readonly slot: number;
    readonly concurrency: 'one' | 'many';
    waiting(): void;
    reportFiles(files: readonly string[]): void;
    giveUp(reason: string): void;
    leadErrorLog(outlet: ErrorLogOutlet): void;
}
export interface PrepareContext extends TargetContext {
    readonly mode: 'serve' | 'check';
    readonly launchFolder: string;
    readonly configProcess: ConfigProcess | undefined;
    readonly definitions: readonly SettingDefinition[];
    readonly identity: WorkerIdentity | undefined;
    readonly concurrency: 'one' | 'many';
}
export interface Prepared {
    readonly loader: string;
    readonly address: string;
    readonly files: readonly string[];
    begin?(server: ArbiterFacade): Promise<ConfigInput | undefined>;
    readonly nodeFlags?: readonly string[];
    readonly hooks?: Hooks;
    abort?(age: number): void;
    reopenLogs?(): void;
    readonly errorLog?: ErrorLogOutlet;
    close(): Promise<void>;
}
export interface Loader {
    readonly name: string;
    readonly interfaceVersion: 1;
    readonly settings?: readonly SettingDefinition[];
    chooseWorkerClass?(settings: Partial<Settings>, folder: string): {
        readonly workerClass: string;
        readonly because: string;
        readonly settings?: ConfigInput;
    } | undefined;
    mayTakeEntries?(settings: Readonly<Settings>, configProcess: ConfigProcess | undefined): boolean;
    recognise(target: string, context: TargetContext): Promise<{
        readonly found: true;
    } | {
        readonly found: false;
        readonly looked: readonly string[];
    }>;
    prepare?(target: string, context: PrepareContext): Promise<Prepared>;
    load(target: string, context: LoaderContext): Promise<Application>;
}
export interface InstalledLoader {
    readonly loader: Loader;
    readonly loaderModule: string;
}
