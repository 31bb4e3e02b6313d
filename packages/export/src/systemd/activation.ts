import { formatBind } from './bind-text.ts';
import type { Deployment } from '../deployment.ts';
import type { UnitOptions } from './unit-options.ts';

/** Whether systemd can hold the sockets: not those that come from elsewhere, and not one for each worker. */
export function canBeActivated({ binds, settings }: Deployment): boolean {
  return binds.length > 0 && !settings.reusePort && binds.every(({ kind }) => kind !== 'fd');
}

/** The addresses as `ListenStream=` takes them. An instance of a template has a socket file of its own. */
export function listenStreams({ binds, name }: Deployment, { template }: UnitOptions): readonly string[] {
  if (template) return [`%t/${name}/%i.sock`];
  return binds.map((bind) => formatBind(bind));
}
