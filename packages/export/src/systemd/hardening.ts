import type { Deployment } from '../deployment.ts';
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
      'PrivateTmp',
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
    { key: 'ProtectHome', value: livesInHome(deployment) ? 'read-only' : 'yes' },
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

/** Node.js, the command or the application lie where users have their own files. */
function livesInHome({ invocation }: Deployment): boolean {
  const { node, script, cwd } = invocation;
  return [node, script, cwd].some((file) => /^\/(?:home|root|run\/user)\//.test(`${file}/`));
}
