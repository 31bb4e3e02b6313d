import { systemCallError } from './errors.ts';
import { FixedBuffer } from './fixed-buffer.ts';
import { setCloseOnExec, setNonBlocking } from './descriptor.ts';
import { constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

let socketpair: LibraryFunction | undefined;

/**
 * Two stream sockets that are connected to each other, without a name; non-blocking and closed on exec.
 * @throws {PosixError} EMFILE, ENFILE
 */
export function openSocketPair(): readonly [number, number] {
  socketpair ??= libraryFunction('int socketpair(int domain, int type, int protocol, uintptr_t pair)');
  const { AF_UNIX, SOCK_STREAM } = constants();
  const pair = new FixedBuffer(8);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair.address) === -1) {
    throw systemCallError('socketpair', lastErrno(), 'of two unix sockets');
  }
  const ends = [pair.bytes.readInt32LE(0), pair.bytes.readInt32LE(4)] as const;
  for (const fd of ends) {
    setCloseOnExec(fd);
    setNonBlocking(fd);
  }
  return ends;
}
