import type { LoggingSettings } from '@gunicorn-ts/interface';
import { compileAccessLogEcs } from './access-log-ecs.ts';
import { compileAccessLogFormat, DEFAULT_ACCESS_FORMAT } from './access-log-format.ts';
import { compileAccessLogJson, type LineFormat } from './access-log-json.ts';
import type { ServiceNames } from './entry-ecs.ts';

/** What a line of the access log looks like. */
export interface AccessLineOptions
  extends
    ServiceNames,
    Pick<LoggingSettings, 'accessLogFormat' | 'logFormat'>,
    Partial<Pick<LoggingSettings, 'requestIdHeader' | 'accessLogSample'>> {}

/** Throws `ERR_ACCESS_LOG_FORMAT` when the format is malformed. */
export function compileAccessLine(options: AccessLineOptions): LineFormat {
  const { accessLogFormat, logFormat, requestIdHeader } = options;
  if (logFormat === 'json') return compileAccessLogJson(options);
  if (logFormat === 'ecs') return compileAccessLogEcs(options);
  // Who has not said what a line looks like, and wants ids, finds them at its end.
  const isOurs = accessLogFormat === DEFAULT_ACCESS_FORMAT && requestIdHeader !== undefined;
  return compileAccessLogFormat(isOurs ? `${accessLogFormat} %({${requestIdHeader}}i)s` : accessLogFormat)
    .line;
}
