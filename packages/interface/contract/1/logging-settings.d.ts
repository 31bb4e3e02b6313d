import type { LogLevel } from './logger.ts';
export interface AccessExclusion {
    readonly path?: string;
    readonly userAgent?: string;
    readonly method?: string;
}
export declare const SYSLOG_FACILITIES: {
    readonly auth: 4;
    readonly authpriv: 10;
    readonly cron: 9;
    readonly daemon: 3;
    readonly ftp: 11;
    readonly kern: 0;
    readonly lpr: 6;
    readonly mail: 2;
    readonly news: 7;
    readonly security: 4;
    readonly syslog: 5;
    readonly user: 1;
    readonly uucp: 8;
    readonly local0: 16;
    readonly local1: 17;
    readonly local2: 18;
    readonly local3: 19;
    readonly local4: 20;
    readonly local5: 21;
    readonly local6: 22;
    readonly local7: 23;
};
export type SyslogFacility = keyof typeof SYSLOG_FACILITIES;
export interface LoggingSettings {
    accesslog: string | undefined;
    accessLogFormat: string;
    accessLogExclude: readonly AccessExclusion[];
    accessLogSample: number;
    accessLogSlow: number;
    requestIdHeader: string | undefined;
    errorlog: string;
    loglevel: LogLevel;
    logFormat: 'text' | 'json' | 'ecs';
    captureOutput: boolean;
    syslog: boolean;
    syslogAddr: string;
    syslogPrefix: string | undefined;
    syslogFacility: SyslogFacility;
    disableRedirectAccessToSyslog: boolean;
}
