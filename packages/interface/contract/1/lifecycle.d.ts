import type { ArbiterControl } from './arbiter-control.ts';
import type { ArbiterView } from './arbiter-view.ts';
export declare const EXIT_CAUSES: readonly ['asked', 'requests', 'lifetime', 'memory', 'timeout', 'boot', 'oom', 'killed', 'signal', 'crash'];
export type ExitCause = (typeof EXIT_CAUSES)[number];
export type LifecycleMoment = 
{
    readonly moment: 'starting';
    readonly parentPid?: number;
    readonly arbiter: ArbiterView;
    readonly control: ArbiterControl;
}
 | {
    readonly moment: 'listening';
    readonly urls: readonly string[];
}
 | {
    readonly moment: 'ready';
}
 | {
    readonly moment: 'reloading';
}
 | {
    readonly moment: 'reloaded';
    readonly error?: string;
}
 | {
    readonly moment: 'renewed';
    readonly generation: number;
}
 | {
    readonly moment: 'worker-started';
    readonly age: number;
    readonly slot: number;
    readonly pid: number;
}
 | {
    readonly moment: 'worker-ready';
    readonly age: number;
    readonly slot: number;
    readonly bootMs: number;
}
 | {
    readonly moment: 'worker-hung';
    readonly age: number;
    readonly slot: number;
    readonly pid: number;
}
 | {
    readonly moment: 'worker-ended';
    readonly age: number;
    readonly slot: number;
    readonly pid: number;
    readonly cause: ExitCause;
}
 | {
    readonly moment: 'counts';
    readonly counts: WorkerCounts;
}
 | {
    readonly moment: 'tick';
    readonly counts: WorkerCounts;
}
 | {
    readonly moment: 'upgrading';
    readonly pid: number;
}
 | {
    readonly moment: 'upgrade-failed';
    readonly error: string;
}
 | {
    readonly moment: 'promoted';
    readonly pid: number;
}
 | {
    readonly moment: 'withdrawing';
    readonly seconds?: number;
}
 | {
    readonly moment: 'resumed';
}
 | {
    readonly moment: 'stopping';
    readonly successor?: number;
}
 | {
    readonly moment: 'stopped';
    readonly exitCode: number;
    readonly successor?: number;
};
export interface WorkerCounts {
    readonly target: number;
    readonly booting: number;
    readonly ready: number;
    readonly draining: number;
}
export type LifecycleSubscriber = (moment: LifecycleMoment) => void;
