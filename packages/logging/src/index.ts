export { type AccessFilter, compileAccessFilter } from './access-filter.ts';
export { compileAccessLine } from './access-line.ts';
export {
  type AccessLogFormatVerdict,
  DEFAULT_ACCESS_FORMAT,
  judgeAccessLogFormat,
} from './access-log-format.ts';
export {
  type AccessLog,
  type AccessLogOptions,
  createAccessLog,
  wantsAccessLog,
  writeAccessRecord,
} from './access-log.ts';
export { createErrorLog, type ErrorLog, type ErrorLogOptions } from './error-log.ts';
export { LedLog } from './led-log.ts';
export type { LogSetting } from './errors.ts';
export { openLogFile } from './log-file.ts';
export { type LogOwner, prepareLogFile } from './prepare-log-file.ts';
export { surviveStandardStreams } from './standard-streams.ts';
export { defaultSyslogAddress, parseSyslogAddress } from './syslog/address.ts';
export { createConfiguredLogger } from './python-logging/configured-logger.ts';
export type { LoggingPlan } from './python-logging/plan.ts';
export { givenLoggingConfig, type LoggingConfigSettings, readLoggingConfig } from './python-logging/read.ts';
