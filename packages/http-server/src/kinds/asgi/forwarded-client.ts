import type { HttpRules } from '@gunicorn-ts/http';
import type { Answer, Client } from '../direct/answer.ts';

/**
 * The client that trusted proxies name: the last address of `X-Forwarded-For` that is none of theirs, or the first one
 * when all are. They do not name its port.
 */
export function forwardedClient({ head, client }: Answer, rules: HttpRules): Client {
  const lines = head.fields.all('x-forwarded-for');
  if (lines.length === 0 || !rules.trustsForwarder(client.host)) return client;
  const addresses = lines
    .join(',')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  const host = addresses.findLast((address) => !rules.trustsForwarder(address)) ?? addresses[0];
  return host === undefined ? client : { host, port: 0, local: client.local, tls: client.tls };
}
