import type { Socket } from 'node:net';
import { unmapped } from '@gunicorn-ts/http';
import type { Listener } from '@gunicorn-ts/interface';

/** Whether IPv4 clients of a listener may be called `::ffff:10.0.0.1`: asking costs a system call a connection. */
export function canBeMapped({ address }: Listener): boolean {
  return address.kind === 'tcp' && address.family === 6;
}

/**
 * Names the two ends of a connection by their IPv4 addresses when it came over IPv4 to a dual-stack listener,
 * which calls them `::ffff:10.0.0.1`: for rules, logs and applications alike it is a client that speaks IPv4.
 */
export function nameByIpv4(socket: Socket): void {
  const { remoteAddress, localAddress } = socket;
  if (remoteAddress?.startsWith('::ffff:') !== true) return;
  const names = { remoteAddress: unmapped(remoteAddress), remoteFamily: 'IPv4', localFamily: 'IPv4' };
  for (const [name, value] of Object.entries({ ...names, localAddress: unmapped(localAddress ?? '') })) {
    Object.defineProperty(socket, name, { value, configurable: true, enumerable: true });
  }
}
