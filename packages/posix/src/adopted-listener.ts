import { setCloseOnExec, setNonBlocking } from './descriptor.ts';
import { PosixError } from './errors.ts';
import type { BoundAddress } from './socket-address.ts';
import { boundAddress, isListening, socketOption } from './stream-socket.ts';
import { constants } from './system-calls.ts';

/**
 * Takes over a listening socket that another process opened (socket activation, an earlier arbiter):
 * makes it non-blocking and closed on exec, and says where it is bound.
 * @throws {PosixError} EBADF when `fd` is not open, ENOTSOCK when it is not a socket, EINVAL when it is not
 * a stream socket or does not listen, EAFNOSUPPORT when it is neither IPv4, IPv6 nor unix
 */
export function adoptListener(fd: number): BoundAddress {
  const { SO_TYPE, SOCK_STREAM } = constants();
  if (socketOption(fd, SO_TYPE) !== SOCK_STREAM) throw unfit(fd, 'is not a stream socket');
  if (!isListening(fd)) throw unfit(fd, 'does not listen');
  const address = boundAddress(fd);
  setCloseOnExec(fd);
  setNonBlocking(fd);
  return address;
}

function unfit(fd: number, why: string): PosixError {
  return new PosixError('EINVAL', 'getsockopt', `the socket at file descriptor ${fd} ${why} (EINVAL)`);
}
