import type { LogFields } from '@gunicorn-ts/interface';
import type { EntryFormat } from './entry-format.ts';
import { escapeJsonLine } from './escape.ts';

/** Version of Elastic's Common Schema whose names are used. */
export const ECS_VERSION = '8.17.0';

/** What the lines of a server have in common. */
export interface ServiceNames {
  readonly serviceName?: string | undefined;
}

/** The schema's names for what entries of ours have. */
const NAMES: Readonly<Record<string, string>> = {
  method: 'http.request.method',
  target: 'url.original',
  status: 'http.response.status_code',
  peer: 'client.ip',
  request_id: 'http.request.id',
  trace_id: 'trace.id',
};

/** Entries of the error log with the names of Elastic's Common Schema, one object a line. */
export function createEcsEntry({ serviceName }: ServiceNames): EntryFormat {
  return (level, message, fields = {}, at = new Date()) => {
    const entry = {
      '@timestamp': at.toISOString(),
      'log.level': level,
      message,
      'ecs.version': ECS_VERSION,
      'event.dataset': 'gunicorn.error',
      'process.pid': process.pid,
      'service.name': serviceName,
    };
    try {
      return `${escapeJsonLine(JSON.stringify({ ...named(fields), ...entry }, replaceBigInt))}\n`;
    } catch {
      // A field that is no JSON. The message matters more.
      return `${escapeJsonLine(JSON.stringify(entry))}\n`;
    }
  };
}

function named(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, unknown][] => {
      if (value instanceof Error) {
        return [
          ['error.type', value.name],
          ['error.message', value.message],
          ['error.stack_trace', value.stack],
        ];
      }
      // An address may be empty: that of a unix socket.
      if (key === 'peer' && value === '') return [];
      return [[NAMES[key] ?? `gunicorn.${key}`, value]];
    }),
  );
}

function replaceBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
