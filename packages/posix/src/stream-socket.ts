import { closeSync } from 'node:fs';
import { PosixError } from './errors.ts';
import { openSocket } from './open-socket.ts';
import { type BoundAddress, decodeSocketAddress, MAX_ADDRESS_BYTES } from './socket-address.ts';
import { constants, systemCall } from './system-calls.ts';

/**
 * A new stream socket, non-blocking and closed on exec, handed to `use`. It is closed when `use` throws.
 * @returns what `use` returns
 */
export function withStreamSocket<T>(family: number, use: (fd: number) => T): T {
  const fd = openSocket(family, constants().SOCK_STREAM);
  try {
    return use(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Sets an option whose value is an int. */
export function setOption(fd: number, level: number, name: number, value: number): void {
  systemCall('setsockopt', `option ${name} of file descriptor ${fd}`, fd, level, name, [value], 4);
}

/** Has calls on a blocking socket come back after so long with EAGAIN, when nothing could be received or sent. */
export function limitWaits(fd: number, milliseconds: number): void {
  const { SOL_SOCKET, SO_RCVTIMEO, SO_SNDTIMEO } = constants();
  // A `struct timeval` of two numbers of 64 bits, as ints: little-endian, as all structures are here.
  const limit = [Math.floor(milliseconds / 1000), 0, (milliseconds % 1000) * 1000, 0];
  for (const name of [SO_RCVTIMEO, SO_SNDTIMEO])
    systemCall('setsockopt', `option ${name} of file descriptor ${fd}`, fd, SOL_SOCKET, name, limit, 16);
}

/** Reads an option of SOL_SOCKET whose value is an int. */
export function socketOption(fd: number, name: number): number {
  const value = [0];
  systemCall('getsockopt', `file descriptor ${fd}`, fd, constants().SOL_SOCKET, name, value, [4]);
  return value[0] ?? 0;
}

/** Whether connections come in at a socket. */
export function isListening(fd: number): boolean {
  return socketOption(fd, constants().SO_ACCEPTCONN) !== 0;
}

/**
 * Where a socket is bound.
 * @throws {PosixError} ENOTSOCK, EBADF, or EAFNOSUPPORT when it is neither IPv4, IPv6 nor unix
 */
export function boundAddress(fd: number): BoundAddress {
  const bytes = Buffer.alloc(MAX_ADDRESS_BYTES);
  const length = [MAX_ADDRESS_BYTES];
  systemCall('getsockname', `file descriptor ${fd}`, fd, bytes, length);
  const address = decodeSocketAddress(bytes, length[0] ?? 0, constants());
  if (address) return address;
  throw new PosixError(
    'EAFNOSUPPORT',
    'getsockname',
    `getsockname file descriptor ${fd}: the socket is neither IPv4, IPv6 nor unix`,
  );
}

/**
 * Starts listening, or changes the length of the queue of a socket that listens already. The kernel
 * caps it (`net.core.somaxconn` on Linux).
 * @param backlog connections that may wait for `accept`
 * @throws {PosixError} EADDRINUSE when another socket listens on the address
 */
export function setListenBacklog(fd: number, backlog: number): void {
  systemCall('listen', `file descriptor ${fd}`, fd, backlog);
}
