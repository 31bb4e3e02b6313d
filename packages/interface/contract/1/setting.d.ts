export declare const SETTING_SECTIONS: readonly ['Config File', 'Server Socket', 'Worker Processes', 'Security', 'HTTP', 'HTTP/2', 'Debugging', 'Server Mechanics', 'Logging', 'Control', 'Operation', 'Process Naming', 'TLS', 'Server Hooks', 'Worker Class'];
export type SettingSection = (typeof SETTING_SECTIONS)[number];
export type FlagKind = 'value' | 'switch' | 'repeatable';
export interface SettingDefinition<T = unknown> {
    readonly key: string;
    readonly section: SettingSection | (string & {});
    readonly describe: string;
    readonly unit?: string;
    readonly default: T | ((env: Readonly<Record<string, string | undefined>>) => T);
    readonly defaultText?: string;
    parse(value: unknown): T;
    readonly flag?: {
        readonly names: readonly string[];
        readonly short?: string;
        readonly kind: FlagKind;
        readonly metavar?: string;
        readonly sets?: boolean;
        readonly alone?: {
            readonly means: string;
            readonly values: readonly string[];
        };
    };
    readonly takesEffect?: 'reload' | 'restart';
    readonly isPath?: boolean;
    readonly isFunction?: boolean;
    readonly example?: string;
}
