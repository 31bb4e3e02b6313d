import type { Deployment } from '@gunicorn-ts/interface';
import { type Unit, unitText } from '@gunicorn-ts/systemd';
import { type UnitLine, unitSection } from './unit-lines.ts';
import { listenStreams } from './activation.ts';
import type { UnitOptions } from './unit-options.ts';

/** Permissions of a new socket file before `umask` takes some away. */
const SOCKET_MODE = 0o777;

/** `NAME.socket`: systemd opens the sockets and keeps them while the service restarts. */
export function socketUnit(deployment: Deployment, options: UnitOptions): Unit {
  const { binds, settings } = deployment;
  const instance = options.template ? ' %i' : '';
  const listen: UnitLine[] = listenStreams(deployment, options).map((address) => ({
    key: 'ListenStream',
    value: options.template ? address : unitText(address),
  }));
  const hasFile = options.template || binds.some(({ kind }) => kind === 'unix');
  const mode = (SOCKET_MODE & ~settings.umask).toString(8).padStart(4, '0');
  return {
    sections: [
      unitSection('Unit', [
        { key: 'Description', value: `Sockets of ${unitText(deployment.name)}${instance}` },
      ]),
      unitSection('Socket', [
        ...listen,
        { key: 'Backlog', value: String(settings.backlog) },
        ...(hasFile ? [{ key: 'SocketMode', value: mode }, ...owners(deployment, options)] : []),
        // A connection to an IPv6 address is no connection to the IPv4 one beside it.
        ...(binds.some((bind) => bind.kind === 'tcp' && bind.host.includes(':'))
          ? [{ key: 'BindIPv6Only', value: 'ipv6-only' }]
          : []),
        { key: 'NoDelay', value: 'true' },
      ]),
      unitSection('Install', [{ key: 'WantedBy', value: 'sockets.target' }]),
    ],
  };
}

function owners({ settings }: Deployment, { forUser }: UnitOptions): UnitLine[] {
  if (forUser) return [];
  const { user, group } = settings;
  return [
    ...(user === undefined ? [] : [{ key: 'SocketUser', value: unitText(String(user)) }]),
    ...(group === undefined ? [] : [{ key: 'SocketGroup', value: unitText(String(group)) }]),
  ];
}
