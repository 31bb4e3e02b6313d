export interface RequestSummary {
    readonly method: string;
    readonly target: string;
    readonly ageMs: number;
    readonly peer: string;
}
export interface AccessRecord {
    readonly remoteAddress: string;
    readonly method: string;
    readonly target: string;
    readonly protocol: string;
    readonly status: number;
    readonly bytes: number;
    readonly durationMs: number;
    requestHeader(name: string): string | undefined;
    responseHeader(name: string): string | undefined;
    environ?(name: string): string | undefined;
}
