import type { AccessRecord } from '@gunicorn-ts/interface';
import { namedValue, parseNamedAtom } from './access-atom.ts';
import { parseAccessLogFormat } from './access-log-format.ts';
import { basicUser, requestPath, requestQuery } from './access-record.ts';
import { escapeJsonLine } from './escape.ts';
import { isoTime } from './local-time.ts';

const GROUPS = { i: 'request_headers', o: 'response_headers', e: 'environ' } as const;

type Group = (record: AccessRecord) => Record<string, string | null>;

/** The headers and variables that the format names, by the member of the object that holds them. */
function namedGroups(format: string): [key: string, group: Group][] {
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

/**
 * Renders access records as one JSON object a line. The members are always the same; those that a request
 * has no value for are null. Headers and variables that the format names come in objects of their own.
 */
export function compileAccessLogJson(format: string): (record: AccessRecord, now: Date) => string {
  const groups = namedGroups(format);
  return (record, now) => {
    const entry: Record<string, unknown> = {
      time: isoTime(now),
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
      pid: process.pid,
    };
    for (const [key, group] of groups) entry[key] = group(record);
    return escapeJsonLine(JSON.stringify(entry));
  };
}
