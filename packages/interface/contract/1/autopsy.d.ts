import type { RequestSummary } from './request.ts';
export interface AutopsyFrame {
    readonly functionName: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
}
export interface Autopsy {
    readonly version: 1;
    readonly asked?: number;
    readonly stuckMs: number;
    readonly stack: readonly AutopsyFrame[];
    readonly reason?: string;
    readonly processStacks?: string;
    readonly inFlight: readonly RequestSummary[];
    readonly heapUsedBytes?: number;
    readonly rssBytes?: number;
}
export declare function autopsyLines(autopsy: Autopsy, title: string): readonly string[];
