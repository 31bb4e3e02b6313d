export declare const LOG_LEVELS: readonly ['debug', 'info', 'warning', 'error', 'critical'];
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;
export interface LogEntry {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields?: LogFields | undefined;
    readonly at: Date;
}
export interface LogLine {
    readonly log: 'error' | 'access';
    readonly level: LogLevel;
    readonly pid: number;
    readonly at: number;
    readonly text: string;
}
export interface ErrorLogOutlet {
    readonly level: LogLevel | undefined;
    begin(giveBack: (entry: LogEntry) => void): void;
    take(entry: LogEntry): boolean;
    settle(): void;
}
export interface Logger {
    debug(message: string, fields?: LogFields): void;
    info(message: string, fields?: LogFields): void;
    warning(message: string, fields?: LogFields): void;
    error(message: string, fields?: LogFields): void;
    critical(message: string, fields?: LogFields): void;
    isEnabled(level: LogLevel): boolean;
    readonly own?: Logger;
}
