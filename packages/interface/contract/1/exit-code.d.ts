export declare const EXIT_CODE: {
    readonly ok: 0;
    readonly failure: 1;
    readonly usage: 2;
    readonly workerBoot: 3;
    readonly appLoad: 4;
    readonly orphaned: 5;
};
export type ExitCodeName = keyof typeof EXIT_CODE;
export declare const EXIT_CODE_MEANING: Record<ExitCodeName, string>;
