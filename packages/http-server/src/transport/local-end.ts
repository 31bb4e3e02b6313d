import { isIPv4 } from 'node:net';
import { unmapped } from '@gunicorn-ts/http';
import { boundAddress } from '@gunicorn-ts/posix';
import type { LocalAddress } from './transport.ts';

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Where the client of an accepted connection has connected to. A listener on all addresses does not say which it was,
 * and then it costs a system call. Both ends are of one family: where the client is known by its IPv4 address, so is this.
 * @param peer the client's address, as it is shown
 */
export function localEnd(fd: number, listener: LocalAddress, peer: string): LocalAddress {
  if (listener === undefined || !ALL_ADDRESSES.has(listener.host)) return listener;
  try {
    const address = boundAddress(fd);
    if (address.kind !== 'tcp') return listener;
    return { host: isIPv4(peer) ? unmapped(address.host) : address.host, port: address.port };
  } catch {
    return listener;
  }
}
