import type { Listener } from './listener.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';
export interface WorkerView {
    readonly age: number;
    readonly slot: number;
    readonly pid: number;
    readonly applicationPid: number | undefined;
    readonly generation: number;
    readonly phase: 'booting' | 'ready' | 'draining';
    readonly hung: boolean;
    readonly startedAt: number;
    readonly lastBeat: number;
}
export interface ArbiterView {
    readonly pid: number;
    readonly version: string;
    readonly log: Logger;
    readonly settings: Readonly<Settings>;
    readonly workerClass: string;
    readonly listeners: readonly Listener[];
    readonly target: number;
    readonly generation: number;
    workers(): readonly WorkerView[];
    memory(age: number): Uint8Array | undefined;
}
