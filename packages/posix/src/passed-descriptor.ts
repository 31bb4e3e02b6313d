import { constants as system } from 'node:os';
import { systemCallError } from './errors.ts';
import { addressOf, constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

const { EAGAIN, EINTR } = system.errno;
const SCM_RIGHTS = 1;

/** Layouts of 64-bit systems, little-endian; lengths of 8 bytes and of 4 with padding are written alike. */
const MESSAGE_BYTES = 56;
const IOV = 16;
const IOV_COUNT = 24;
const CONTROL = 32;
const CONTROL_LENGTH = 40;

let sendmsg: LibraryFunction | undefined;

/**
 * Sends bytes on a unix socket, and a descriptor with the first of them, which the process at the other end gets as one
 * of its own (SCM_RIGHTS).
 * @returns how many bytes were sent: 0, and no descriptor, when the socket takes nothing now
 * @throws {PosixError} EPIPE, ECONNRESET and others
 */
export function sendWithDescriptor(socket: number, bytes: Buffer, fd: number): number {
  sendmsg ??= libraryFunction('intptr_t sendmsg(int fd, const void *message, int flags)');
  const control = rights(fd);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(addressOf(bytes), 0);
  vector.writeUInt32LE(bytes.length, 8);
  const message = Buffer.alloc(MESSAGE_BYTES);
  message.writeBigUInt64LE(addressOf(vector), IOV);
  message.writeUInt32LE(1, IOV_COUNT);
  message.writeBigUInt64LE(addressOf(control), CONTROL);
  message.writeUInt32LE(control.length, CONTROL_LENGTH);
  for (;;) {
    const sent = sendmsg(socket, message, 0);
    if (sent >= 0) return sent;
    const errno = lastErrno();
    if (errno === EAGAIN) return 0;
    if (errno !== EINTR) throw systemCallError('sendmsg', errno, `file descriptor ${socket}`);
  }
}

/** A control message (`struct cmsghdr`): its length has 8 bytes on Linux; macOS does not align what follows it. */
function rights(fd: number): Buffer {
  const { addressHasLength: isBsd, SOL_SOCKET } = constants();
  const data = process.platform === 'darwin' ? 12 : 16;
  const length = data + 4;
  const control = Buffer.alloc(data === 12 ? length : length + 4);
  control.writeUInt32LE(length, 0);
  control.writeUInt32LE(SOL_SOCKET, isBsd ? 4 : 8);
  control.writeUInt32LE(SCM_RIGHTS, isBsd ? 8 : 12);
  control.writeInt32LE(fd, data);
  return control;
}
