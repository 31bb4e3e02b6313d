import type { AccessExclusion, AccessRecord, LoggingSettings } from '@gunicorn-ts/interface';
import { requestPath } from './access-record.ts';
import { readTraceparent } from './traceparent.ts';

export type AccessFilterSettings = Pick<
  LoggingSettings,
  'accessLogExclude' | 'accessLogSample' | 'accessLogSlow'
>;

/** Whether a record is to be written. */
export type AccessFilter = (record: AccessRecord) => boolean;

/** From here on a request has failed, and a reader of the log looks for it. */
const LEAST_ERROR = 400;

/** Of a trace id so many digits at the end are random: 56 bits, as the consistent sampling of OpenTelemetry reads them. */
const RANDOM_DIGITS = 14;

/**
 * Compiles what is left out of the access log; `undefined` when nothing is. Errors and slow requests never are. Which
 * requests a sample has, their trace ids say, so that all services of a trace keep the same ones.
 * @param random of a request without one
 */
export function compileAccessFilter(
  { accessLogExclude, accessLogSample, accessLogSlow }: AccessFilterSettings,
  random: () => number = Math.random,
): AccessFilter | undefined {
  if (accessLogExclude.length === 0 && accessLogSample >= 1) return undefined;
  const exclusions = accessLogExclude.map(compileExclusion);
  const slowMs = accessLogSlow === 0 ? Infinity : accessLogSlow * 1000;
  return (record) => {
    if (record.status >= LEAST_ERROR || record.durationMs >= slowMs) return true;
    for (const isExcluded of exclusions) if (isExcluded(record)) return false;
    return accessLogSample >= 1 || (portionOf(record) ?? random()) >= 1 - accessLogSample;
  };
}

function portionOf(record: AccessRecord): number | undefined {
  const header = record.requestHeader('traceparent');
  const traceId = header === undefined ? undefined : readTraceparent(header)?.traceId;
  return traceId === undefined
    ? undefined
    : Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS;
}

function compileExclusion({ path, userAgent, method }: AccessExclusion): AccessFilter {
  const isPath = path === undefined ? undefined : compilePattern(path);
  const isAgent = userAgent === undefined ? undefined : compilePattern(userAgent, true);
  return (record) =>
    (method === undefined || record.method === method) &&
    (isPath === undefined || isPath(requestPath(record))) &&
    (isAgent === undefined || isAgent(record.requestHeader('user-agent') ?? ''));
}

function compilePattern(pattern: string, isAnyCase = false): (text: string) => boolean {
  const fold = (text: string): string => (isAnyCase ? text.toLowerCase() : text);
  const parts = fold(pattern).split('*');
  return (text) => fits(fold(text), parts);
}

/** Pure, and linear: what a client sends is compared here, which a regular expression with several stars is not fit for. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
