import type { Autopsy } from './autopsy.ts';
export type ControlRequest = 
{
    readonly ask: 'reload';
}
 | {
    readonly ask: 'scale';
    readonly workers: number;
}
 | {
    readonly ask: 'replace-worker';
    readonly age: number;
}
 | {
    readonly ask: 'reopen-logs';
}
 | {
    readonly ask: 'upgrade';
}
 | {
    readonly ask: 'drain';
} | {
    readonly ask: 'resume';
}
 | {
    readonly ask: 'stop';
    readonly graceful: boolean;
};
export interface ArbiterControl {
    ask(request: ControlRequest, by: string): string | undefined;
    stacks(age: number): Promise<Autopsy>;
}
