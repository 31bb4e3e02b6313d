import type { AccessRecord } from '@gunicorn-ts/interface';
import { namedValue, parseNamedAtom } from './access-atom.ts';
import { parseAccessLogFormat } from './access-log-format.ts';
import { basicUser, requestPath, requestQuery } from './access-record.ts';
import { escapeJsonLine } from './escape.ts';
import { isoTime } from './local-time.ts';
import { readTraceparent, type TraceParent } from './traceparent.ts';

const GROUPS = { i: 'request_headers', o: 'response_headers', e: 'environ' } as const;

type Group = (record: AccessRecord) => Record<string, string | null>;

/** What a line has beside the record itself. */
export interface JsonLineOptions {
  /** Only the headers and variables that it names matter. */
  readonly accessLogFormat: string;
  /** The header that has the id of a request, when there is one. */
  readonly requestIdHeader?: string | undefined;
  /** The part of the requests that is written, when it is not all. */
  readonly accessLogSample?: number;
}

/** Renders a record as a line, without the new line at its end. `now` is its time, in milliseconds since 1970. */
export type LineFormat = (record: AccessRecord, now: number) => string;

/** The headers and variables that the format names, by the member of the object that holds them. */
export function namedGroups(format: string): [key: string, group: Group][] {
  const groups: [string, Group][] = [];
  const named = parseAccessLogFormat(format).map((part) =>
    part.kind === 'atom' ? parseNamedAtom(part.atom) : undefined,
  );
  for (const source of ['i', 'o', 'e'] as const) {
    const names = named.flatMap((atom) => (atom?.source === source ? [atom.name] : []));
    if (names.length === 0) continue;
    groups.push([
      GROUPS[source],
      (record) => Object.fromEntries(names.map((name) => [name, namedValue(record, source, name) ?? null])),
    ]);
  }
  return groups;
}

export function traceOf(record: AccessRecord): TraceParent | undefined {
  const header = record.requestHeader('traceparent');
  return header === undefined ? undefined : readTraceparent(header);
}

/** In the words of Google's logging, which reads them from any JSON. */
export function severityOf(status: number): 'INFO' | 'WARNING' | 'ERROR' {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}

/**
 * Renders access records as one JSON object a line. The members are always the same; those that a request
 * has no value for are null. Headers and variables that the format names come in objects of their own.
 */
export function compileAccessLogJson(options: JsonLineOptions): LineFormat {
  const { accessLogFormat, requestIdHeader, accessLogSample = 1 } = options;
  const groups = namedGroups(accessLogFormat);
  return (record, now) => {
    const trace = traceOf(record);
    const entry: Record<string, unknown> = {
      time: isoTime(now),
      severity: severityOf(record.status),
      remote_address: record.remoteAddress || null,
      user: basicUser(record) ?? null,
      method: record.method,
      path: requestPath(record),
      query: requestQuery(record),
      protocol: record.protocol,
      status: record.status,
      bytes: record.bytes,
      duration_ms: Math.round(record.durationMs * 1000) / 1000,
      referer: record.requestHeader('referer') ?? null,
      user_agent: record.requestHeader('user-agent') ?? null,
      request_id: (requestIdHeader && record.requestHeader(requestIdHeader)) || null,
      trace_id: trace?.traceId ?? null,
      parent_id: trace?.parentId ?? null,
      pid: process.pid,
    };
    if (accessLogSample < 1) entry['sample_rate'] = accessLogSample;
    for (const [key, group] of groups) entry[key] = group(record);
    return escapeJsonLine(JSON.stringify(entry));
  };
}
