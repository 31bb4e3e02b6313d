import { setBlocking } from './descriptor.ts';
import { encodeUnixAddress } from './socket-address.ts';
import { withStreamSocket } from './stream-socket.ts';
import { constants, systemCall } from './system-calls.ts';

/**
 * Connects to a unix socket. The descriptor is a blocking one, closed on exec.
 * @throws {PosixError} ENOENT, ECONNREFUSED, EACCES; ENAMETOOLONG
 */
export function connectUnix(path: string): number {
  const address = encodeUnixAddress(path, constants());
  return withStreamSocket(constants().AF_UNIX, (fd) => {
    setBlocking(fd);
    systemCall('connect', path, fd, address, address.length);
    return fd;
  });
}
