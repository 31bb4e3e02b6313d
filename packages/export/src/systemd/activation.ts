import { isIP } from 'node:net';
import { canonicalHost, listenAddresses } from '@gunicorn-ts/config';
import type { BindTarget, Deployment } from '@gunicorn-ts/interface';
import { formatBind } from './bind-text.ts';
import type { UnitOptions } from './unit-options.ts';

/**
 * Whether systemd can hold the sockets: not one for each worker, and not those that come from elsewhere. A socket unit
 * has no names of hosts, and no port that is another one at each start. All or nothing: what systemd passes on stands
 * in place of every bind.
 */
export function canBeActivated({ binds, settings }: Deployment): boolean {
  return binds.length > 0 && !settings.reusePort && binds.every(isHeldBySystemd);
}

function isHeldBySystemd(bind: BindTarget): boolean {
  if (bind.kind === 'tcp') return bind.port !== 0 && isIP(bind.host) !== 0;
  return bind.kind === 'unix';
}

/** The addresses as `ListenStream=` takes them. An instance of a template has a socket file of its own. */
export function listenStreams({ binds, name }: Deployment, { template }: UnitOptions): readonly string[] {
  if (template) return [`%t/${name}/%i.sock`];
  return bothFamilies(binds).map((bind) => formatBind(bind));
}

/** As the server itself opens them: `[::]` is for IPv4 as well, by a socket of its own. */
function bothFamilies(binds: readonly BindTarget[]): readonly BindTarget[] {
  const network = binds.map((bind) => {
    const hosts = bind.kind === 'tcp' ? [canonicalHost(bind.host)] : [];
    return { bind: formatBind(bind), port: bind.kind === 'tcp' ? bind.port : 0, hosts, isName: false };
  });
  return listenAddresses(network).flatMap(({ hosts, port }, index): readonly BindTarget[] => {
    const bind = binds[index] as BindTarget;
    return bind.kind === 'tcp' ? hosts.map((host) => ({ kind: 'tcp', host, port })) : [bind];
  });
}
