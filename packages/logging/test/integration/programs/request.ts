import type { AccessRecord } from '@gunicorn-ts/interface';

/** A finished request whose target is its number. */
export function request(number: number): AccessRecord {
  return {
    remoteAddress: '192.0.2.7',
    method: 'GET',
    target: `/${number}`,
    protocol: 'HTTP/1.1',
    status: 200,
    bytes: 5,
    durationMs: 1,
    requestHeader: () => undefined,
    responseHeader: () => undefined,
  };
}
