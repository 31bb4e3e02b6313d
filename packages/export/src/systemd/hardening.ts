import { unitText } from '@gunicorn-ts/systemd';
import type { Deployment } from '@gunicorn-ts/interface';
import { writtenFiles } from './folders.ts';
import type { UnitLine } from './unit-lines.ts';
import type { UnitOptions } from './unit-options.ts';

/** Ports below this one take a capability to bind. */
const FIRST_FREE_PORT = 1024;

/** What the service may not do (systemd.exec(5)), as far as Node.js and an interpreter of Python can live with it. */
export function hardening(deployment: Deployment, options: UnitOptions): UnitLine[] {
  const capability = needsLowPort(deployment, options) ? 'CAP_NET_BIND_SERVICE' : '';
  return [
    ...yes(
      'NoNewPrivileges',
      'PrivateDevices',
      'ProtectClock',
      'ProtectControlGroups',
      'ProtectHostname',
      'ProtectKernelLogs',
      'ProtectKernelModules',
      'ProtectKernelTunables',
      'LockPersonality',
      'RemoveIPC',
      'RestrictNamespaces',
      'RestrictRealtime',
      'RestrictSUIDSGID',
    ),
    { key: 'ProtectSystem', value: 'strict' },
    ...hidden(deployment, options),
    { key: 'ProtectProc', value: 'invisible' },
    { comment: 'AF_NETLINK is how the names of hosts and interfaces are looked up.' },
    { key: 'RestrictAddressFamilies', value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK' },
    { key: 'SystemCallArchitectures', value: 'native' },
    { key: 'SystemCallFilter', value: '@system-service' },
    { key: 'SystemCallFilter', value: '~@privileged @resources' },
    { key: 'SystemCallErrorNumber', value: 'EPERM' },
    { key: 'CapabilityBoundingSet', value: capability },
    { key: 'AmbientCapabilities', value: capability },
    { comment: 'MemoryDenyWriteExecute stays off: V8 writes the machine code that it then executes.' },
    { key: 'MemoryDenyWriteExecute', value: 'no' },
  ];
}

function yes(...keys: readonly string[]): UnitLine[] {
  return keys.map((key) => ({ key, value: 'yes' }));
}

function needsLowPort({ binds }: Deployment, { socket }: UnitOptions): boolean {
  return !socket && binds.some((bind) => bind.kind === 'tcp' && bind.port < FIRST_FREE_PORT);
}

/** The folders of users, and the temporary files of others, as far as the server itself does not live there. */
function hidden(deployment: Deployment, options: UnitOptions): UnitLine[] {
  const home = deployment.reads.find((file) => /^\/(?:home|root|run\/user)\//.test(`${file}/`));
  const files = [...deployment.reads, ...writtenFiles(deployment, options)];
  const temporary = files.find((file) => /^\/(?:var\/)?tmp\//.test(`${file}/`));
  return [
    ...(home === undefined ? [] : [{ comment: `The server needs ${unitText(home)}.` }]),
    { key: 'ProtectHome', value: home === undefined ? 'yes' : 'read-only' },
    ...(temporary === undefined ? [] : [{ comment: `The server needs ${unitText(temporary)}.` }]),
    { key: 'PrivateTmp', value: temporary === undefined ? 'yes' : 'no' },
    ...(temporary === undefined ? [] : [{ key: 'ReadWritePaths', value: '/tmp /var/tmp' }]),
  ];
}
