export type SettingSource = {
    readonly kind: 'default';
}
 | {
    readonly kind: 'default-env';
    readonly variable: string;
} | {
    readonly kind: 'file';
    readonly path: string;
    readonly line?: number;
}
 | {
    readonly kind: 'env';
    readonly flag: string;
} | {
    readonly kind: 'flag';
    readonly flag: string;
}
 | {
    readonly kind: 'hook';
    readonly hook: string;
};
export interface Problem {
    readonly setting?: string;
    readonly message: string;
    readonly source?: SettingSource;
    readonly cure?: string;
}
export declare class OperatorError extends Error {
    readonly isOperatorError = true;
    readonly code: string;
    readonly exitCode: number;
    readonly detail: string | undefined;
    constructor(code: string, message: string, options?: ErrorOptions & {
        exitCode?: number;
        detail?: string;
    });
    static is(value: unknown): value is OperatorError;
}
export declare function messageWithCode({ code, message }: OperatorError): string;
export declare function describeThrown(thrown: unknown): string;
