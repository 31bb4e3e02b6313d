export declare const WORKER_MEMORY_BYTES = 16384;
export declare const REFUSAL_REASONS: readonly ['bad_request', 'too_large', 'uri', 'headers', 'timeout', 'proxy', 'tls', 'other'];
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
export declare const WAIT_SOURCES: readonly ['tcp', 'header'];
export type WaitSource = (typeof WAIT_SOURCES)[number];
export interface Meter {
    connectionOpened(): void;
    connectionClosed(): void;
    transferred(received: number, sent: number): void;
    waited(source: WaitSource, ms: number): void;
    requestArrived(): void;
    requestBegan(method: string, target: string, now: number): void;
    requestEnded(method: string, status: number, durationMs: number): void;
    requestLeft(now: number): void;
    requestRefused(reason: RefusalReason): void;
    requestTimedOut(): void;
}
