import { isIP } from 'node:net';
import { canonicalHost, type NetworkBind } from '@gunicorn-ts/config';
import type { BindTarget } from '@gunicorn-ts/interface';

/** Rejects when the host is a name, and the resolver does not know it. */
export async function resolveBind(
  bind: string,
  { host, port }: Extract<BindTarget, { kind: 'tcp' }>,
): Promise<NetworkBind> {
  const numeric = canonicalHost(host);
  if (isIP(numeric) !== 0) return { bind, port, hosts: [numeric], isName: false };
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return {
    bind,
    port,
    hosts: [...new Set(found.map(({ address }) => canonicalHost(address)))],
    isName: true,
  };
}
