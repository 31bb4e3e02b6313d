import { boundAddress } from '@gunicorn-ts/posix';
import type { LocalAddress } from './transport.ts';

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Where the client of an accepted connection has connected to. A listener on all addresses does not say which it was,
 * and then it costs a system call.
 */
export function localEnd(fd: number, listener: LocalAddress): LocalAddress {
  if (listener === undefined || !ALL_ADDRESSES.has(listener.host)) return listener;
  try {
    const address = boundAddress(fd);
    return address.kind === 'tcp' ? { host: address.host, port: address.port } : listener;
  } catch {
    return listener;
  }
}
