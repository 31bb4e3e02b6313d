import type { AccessRecord } from '@gunicorn-ts/interface';

type Headers = Readonly<Record<string, string>>;

/** What a test wants to be different from an ordinary request. */
export interface RecordChange extends Partial<AccessRecord> {
  readonly requestHeaders?: Headers;
  readonly responseHeaders?: Headers;
  readonly variables?: Headers;
}

/** A finished request; header names in lower case, variables by their exact name. */
export function accessRecord(change: RecordChange = {}): AccessRecord {
  const { requestHeaders = {}, responseHeaders = {}, variables, ...rest } = change;
  return {
    remoteAddress: '192.0.2.7',
    method: 'GET',
    target: '/',
    protocol: 'HTTP/1.1',
    status: 200,
    bytes: 5,
    durationMs: 1,
    requestHeader: (name) => requestHeaders[name.toLowerCase()],
    responseHeader: (name) => responseHeaders[name.toLowerCase()],
    ...(variables && { environ: (name: string) => variables[name] }),
    ...rest,
  };
}

export const DEFAULT_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';
