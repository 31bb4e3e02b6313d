export { type AccessLogFormatVerdict, judgeAccessLogFormat } from './access-log-format.ts';
export { type AccessLog, type AccessLogOptions, createAccessLog, writeAccessRecord } from './access-log.ts';
export { createErrorLog, type ErrorLog, type ErrorLogOptions } from './error-log.ts';
export { LedLog } from './led-log.ts';
export type { LogSetting } from './errors.ts';
export { openLogFile } from './log-file.ts';
export { type LogOwner, prepareLogFile } from './prepare-log-file.ts';
export { surviveStandardStreams } from './standard-streams.ts';
