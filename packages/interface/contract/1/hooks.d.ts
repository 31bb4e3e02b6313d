import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { Listener } from './listener.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';
export interface ArbiterFacade {
    readonly pid: number;
    readonly settings: Readonly<Settings>;
    readonly log: Logger;
    readonly listeners: readonly Listener[];
    readonly numWorkers: number;
}
export interface WorkerInfo {
    readonly pid: number;
    readonly age: number;
    readonly slot: number;
    readonly generation: number;
}
export interface WorkerFacade {
    readonly pid: number;
    readonly ppid: number;
    readonly age: number;
    readonly slot: number;
    readonly generation: number;
    readonly settings: Readonly<Settings>;
    readonly log: Logger;
}
export interface RequestInfo {
    readonly method: string;
    readonly target: string;
    readonly remoteAddress: string;
    readonly raw?: IncomingMessage;
}
export interface ResponseInfo {
    readonly status: number;
    readonly bytes: number;
    readonly raw?: ServerResponse;
}
type MaybePromise<T> = T | Promise<T>;
export interface Hooks {
    onStarting?(server: ArbiterFacade): MaybePromise<void>;
    onReload?(server: ArbiterFacade): MaybePromise<void>;
    whenReady?(server: ArbiterFacade): MaybePromise<void>;
    preFork?(server: ArbiterFacade, worker: WorkerInfo): MaybePromise<void>;
    postFork?(worker: WorkerFacade): MaybePromise<void>;
    postWorkerInit?(worker: WorkerFacade): MaybePromise<void>;
    workerInt?(worker: WorkerFacade): MaybePromise<void>;
    workerAbort?(worker: WorkerFacade): MaybePromise<void>;
    workerExit?(worker: WorkerFacade): MaybePromise<void>;
    preRequest?(worker: WorkerFacade, request: RequestInfo): void;
    postRequest?(worker: WorkerFacade, request: RequestInfo, response: ResponseInfo): void;
    childExit?(server: ArbiterFacade, worker: WorkerInfo): MaybePromise<void>;
    nworkersChanged?(server: ArbiterFacade, now: number, before: number | undefined): MaybePromise<void>;
    preExec?(server: ArbiterFacade): MaybePromise<void>;
    onExit?(server: ArbiterFacade): MaybePromise<void>;
    sslContext?(settings: Readonly<Settings>, options: SecureContextOptions & TlsOptions): SecureContextOptions & TlsOptions;
}
export declare const HOOK_SIDE: Readonly<Record<keyof Hooks, 'arbiter' | 'worker'>>;
export type HookName = keyof Hooks;
export {};
