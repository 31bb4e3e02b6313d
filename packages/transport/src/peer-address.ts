import type { Socket } from 'node:net';

/** In no set of addresses. */
const GONE = 'gone';

/**
 * The address of a socket's peer; empty for a unix socket, whose peers are trusted. A client that has reset
 * its connection has no address any more either, while its request can still be read: it must not pass for one.
 */
export function peerAddress(socket: Socket): string {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined) return remoteAddress;
  return socket.destroyed || socket.localAddress !== undefined ? GONE : '';
}
