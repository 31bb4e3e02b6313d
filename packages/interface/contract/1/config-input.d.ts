import type { Hooks } from './hooks.ts';
import type { AccessExclusion } from './logging-settings.ts';
import type { Settings } from './settings.ts';
interface HandyForms {
    bind: string | readonly string[];
    workers: number | 'auto';
    maxWorkerMemory: number | string;
    forwardedAllowIps: string | readonly string[];
    limitRequestBody: number | string;
    limitSpooledBodies: number | string;
    forwarderHeaders: string | readonly string[];
    proxyProtocol: Settings['proxyProtocol'] | boolean;
    proxyAllowIps: string | readonly string[];
    httpProtocols: string | readonly string[];
    http2Cleartext: Settings['http2Cleartext'] | boolean;
    reloadExtraFiles: string | readonly string[];
    envFile: string | readonly string[];
    rawEnv: string | readonly string[];
    accessLogExclude: string | AccessExclusion | readonly (string | AccessExclusion)[];
    umask: number | string;
}
export interface FurtherInput {
}
export type ConfigInput = {
    [K in keyof Settings]?: (K extends keyof HandyForms ? HandyForms[K] : Settings[K]) | undefined;
} & FurtherInput & Hooks;
export type ConfigExport = ConfigInput | Promise<ConfigInput> | ((context: ConfigContext) => ConfigInput | Promise<ConfigInput>);
export interface ConfigContext {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cpus: number;
    readonly command: 'start' | 'reload';
}
export {};
