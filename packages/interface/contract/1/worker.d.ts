import type { Application, ApplicationKind } from './application.ts';
import type { Listener } from './listener.ts';
import type { Logger } from './logger.ts';
import type { Meter } from './meter.ts';
import type { Problem } from './problem.ts';
import type { AccessRecord, RequestSummary } from './request.ts';
import type { SettingDefinition } from './setting.ts';
import type { SettingKey, Settings } from './settings.ts';
import type { HookName, Hooks, WorkerFacade } from './hooks.ts';
import type { TlsMaterial } from './tls-material.ts';
export interface WorkerClass {
    readonly name: string;
    readonly interfaceVersion: 1;
    readonly settings?: readonly SettingDefinition[];
    readonly serves: {
        readonly kinds: readonly ApplicationKind[];
        readonly concurrency: 'one' | 'many';
        readonly keepAlive: boolean;
        readonly tls: boolean;
        readonly http2?: boolean;
    };
    readonly ignores?: readonly (SettingKey | HookName)[];
    readonly neverBlocks?: boolean;
    check?(settings: Readonly<Settings>): readonly Problem[];
    start(context: WorkerContext): Promise<Worker>;
}
export interface Worker {
    drain(deadlineMs: number): Promise<void>;
    stopTaking?(): void;
    cutOff?(status: number): readonly AccessRecord[];
    inFlight(): readonly RequestSummary[];
}
export interface WorkerContext {
    readonly listeners: readonly Listener[];
    readonly settings: Readonly<Settings>;
    readonly application: Application;
    readonly log: Logger;
    readonly hooks: Hooks;
    readonly facade: WorkerFacade;
    readonly tls?: TlsMaterial;
    notify(): void;
    readonly currentConnection?: Int32Array;
    readonly currentRequest?: Uint8Array;
    readonly accessLog: boolean;
    requestFinished(record?: AccessRecord): void;
    readonly meter?: Meter;
    readonly stopping: AbortSignal;
}
