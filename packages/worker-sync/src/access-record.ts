import type { RequestHead } from '@gunicorn-ts/http';
import type { AccessRecord, WsgiEnviron } from '@gunicorn-ts/interface';
import type { Exchange } from './exchange.ts';

/** As nginx writes it: the client closed the connection before a response began. */
export const CLIENT_CLOSED_REQUEST = 499;

/** What the access log needs of a request whose response is complete or was given up. */
export function accessRecord(exchange: Exchange, durationMs: number, environ?: WsgiEnviron): AccessRecord {
  const { head } = exchange;
  return {
    remoteAddress: exchange.client.host,
    method: head.method,
    target: head.target,
    protocol: head.protocol,
    status: statusOf(exchange),
    bytes: exchange.bytes,
    durationMs,
    requestHeader: (name) => head.fields.get(name.toLowerCase()),
    responseHeader: (name) => headerIn(exchange.responseText, name),
    ...(environ === undefined ? {} : { environ: (name: string) => environText(environ[name]) }),
  };
}

/** What is known of a request that was refused: nothing, unless its head was read. */
export function refusedRecord(
  remoteAddress: string,
  head: RequestHead | undefined,
  status: number,
): AccessRecord {
  return {
    remoteAddress,
    method: head?.method ?? '-',
    target: head?.target ?? '-',
    protocol: head?.protocol ?? '-',
    status,
    bytes: 0,
    durationMs: 0,
    requestHeader: (name) => head?.fields.get(name.toLowerCase()),
    responseHeader: () => undefined,
  };
}

export function statusOf(exchange: Exchange): number {
  return exchange.status === 0 ? CLIENT_CLOSED_REQUEST : exchange.status;
}

/** A header's value, or its values joined, in the text of a head. */
export function headerIn(head: string, name: string): string | undefined {
  const wanted = `${name.toLowerCase()}:`;
  const values: string[] = [];
  for (const line of head.split('\r\n')) {
    if (line.slice(0, wanted.length).toLowerCase() === wanted) values.push(line.slice(wanted.length).trim());
  }
  return values.length === 0 ? undefined : values.join(', ');
}

function environText(value: unknown): string | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
