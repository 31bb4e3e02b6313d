import type { ListenAddress } from './listener.ts';
import type { LogLevel } from './logger.ts';
import type { Settings } from './settings.ts';
export declare const MESSAGE_VERSION = 1;
export interface InheritedListener {
    readonly fd: number;
    readonly address: ListenAddress;
    readonly url: string;
}
export interface BootMessage {
    readonly type: 'boot';
    readonly version: typeof MESSAGE_VERSION;
    readonly mode: 'serve' | 'check';
    readonly age: number;
    readonly slot: number;
    readonly generation: number;
    readonly settings: Readonly<Settings>;
    readonly workerModule: string;
    readonly loaderModules: readonly string[];
    readonly configFile: string | undefined;
    readonly prepared: {
        readonly loader: string;
        readonly address: string;
        readonly entries: LogLevel | undefined;
    } | undefined;
    readonly listeners: readonly InheritedListener[];
    readonly heartbeatFd: number;
    readonly lastWordsFd: number;
    readonly identity: WorkerIdentity | undefined;
    readonly reportFiles: boolean;
}
export interface WorkerIdentity {
    readonly uid: number;
    readonly gid: number;
    readonly initgroupsUser: string | undefined;
}
export type RecycleReason = 'max-requests' | 'lifetime' | 'memory';
export interface ListenerMessage {
    readonly type: 'listener';
    readonly version: typeof MESSAGE_VERSION;
    readonly id: number;
    readonly alone: boolean;
    readonly failure: {
        readonly code: string;
        readonly message: string;
    } | undefined;
}
export type ArbiterMessage = BootMessage | ListenerMessage;
export type FurtherAddress = {
    readonly kind: 'tcp';
    readonly host: string;
    readonly port: number;
} | {
    readonly kind: 'unix';
    readonly path: string;
};
export type WorkerMessage = 
{
    readonly type: 'ready';
    readonly version: typeof MESSAGE_VERSION;
    readonly applicationPid?: number | undefined;
}
 | {
    readonly type: 'boot-failed';
    readonly version: typeof MESSAGE_VERSION;
    readonly exitCode: number;
    readonly message: string;
    readonly detail?: string;
}
 | {
    readonly type: 'recycle';
    readonly version: typeof MESSAGE_VERSION;
    readonly reason: RecycleReason;
    readonly detail: string;
}
 | {
    readonly type: 'draining';
    readonly version: typeof MESSAGE_VERSION;
}
 | {
    readonly type: 'listen';
    readonly version: typeof MESSAGE_VERSION;
    readonly id: number;
    readonly address: FurtherAddress;
}
 | {
    readonly type: 'files';
    readonly version: typeof MESSAGE_VERSION;
    readonly files: readonly string[];
};
export declare function parseWorkerMessage(value: unknown): WorkerMessage | undefined;
export declare function parseArbiterMessage(value: unknown): ArbiterMessage | undefined;
