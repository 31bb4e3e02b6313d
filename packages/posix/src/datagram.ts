import { closeSync } from 'node:fs';
import { systemCallError } from './errors.ts';
import { openSocket } from './open-socket.ts';
import { encodeAbstractAddress, encodeUnixAddress } from './socket-address.ts';
import { constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

let sendto: LibraryFunction | undefined;

/**
 * Sends one datagram to a unix socket, whole or not at all, and never waits.
 * @param to a path, or `@name` for a name in Linux's abstract namespace
 * @throws {PosixError} EAGAIN when its queue is full, ECONNREFUSED when nobody has the socket, ENOENT, EACCES, EMSGSIZE
 */
export function sendDatagram(to: string, text: string): void {
  sendto ??= libraryFunction(
    'intptr_t sendto(int fd, const void *bytes, uintptr_t length, int flags, const void *address, uint32_t size)',
  );
  const system = constants();
  const address = to.startsWith('@') ? encodeAbstractAddress(to, system) : encodeUnixAddress(to, system);
  const bytes = Buffer.from(text);
  const fd = openSocket(system.AF_UNIX, system.SOCK_DGRAM);
  try {
    const sent = sendto(fd, bytes, bytes.length, 0, address, address.length);
    if (sent === -1) throw systemCallError('sendto', lastErrno(), to);
  } finally {
    closeSync(fd);
  }
}
