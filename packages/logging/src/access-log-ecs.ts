import { basicUser, requestPath, requestQuery } from './access-record.ts';
import { type JsonLineOptions, type LineFormat, namedGroups, traceOf } from './access-log-json.ts';
import { ECS_VERSION, type ServiceNames } from './entry-ecs.ts';
import { escapeJsonLine } from './escape.ts';
import { isoTime } from './local-time.ts';

const NANOSECONDS = 1e6;
/** Where the schema has no name of its own for what a format asks for. */
const GROUP_NAMES: Readonly<Record<string, string>> = {
  request_headers: 'gunicorn.request.headers',
  response_headers: 'gunicorn.response.headers',
  environ: 'gunicorn.environ',
};

/** Renders access records with the names of Elastic's Common Schema, one object a line. What a request has no value for is left out. */
export function compileAccessLogEcs(options: JsonLineOptions & ServiceNames): LineFormat {
  const { accessLogFormat, requestIdHeader, serviceName, accessLogSample = 1 } = options;
  const groups = namedGroups(accessLogFormat);
  return (record, now) => {
    const { method, status, remoteAddress, protocol } = record;
    const path = requestPath(record);
    const trace = traceOf(record);
    const address = remoteAddress || undefined;
    const entry: Record<string, unknown> = {
      '@timestamp': isoTime(now),
      'log.level': 'info',
      message: `${method} ${path} ${status}`,
      'ecs.version': ECS_VERSION,
      'event.dataset': 'gunicorn.access',
      'event.kind': 'event',
      'event.category': ['web'],
      'event.outcome': status >= 500 ? 'failure' : 'success',
      'event.duration': Math.round(record.durationMs * NANOSECONDS),
      'http.request.method': method,
      'http.request.id': (requestIdHeader && record.requestHeader(requestIdHeader)) || undefined,
      'http.request.referrer': record.requestHeader('referer'),
      'http.response.status_code': status,
      'http.response.body.bytes': record.bytes,
      'http.version': protocol.startsWith('HTTP/') ? protocol.slice(5) : undefined,
      'url.original': record.target,
      'url.path': path,
      'url.query': requestQuery(record) || undefined,
      'client.ip': address,
      'source.ip': address,
      'user.name': basicUser(record),
      'user_agent.original': record.requestHeader('user-agent'),
      'trace.id': trace?.traceId,
      'span.id': trace?.parentId,
      'process.pid': process.pid,
      'service.name': serviceName,
    };
    if (accessLogSample < 1) entry['gunicorn.sample_rate'] = accessLogSample;
    for (const [key, group] of groups) entry[GROUP_NAMES[key] ?? key] = group(record);
    return escapeJsonLine(JSON.stringify(entry));
  };
}
