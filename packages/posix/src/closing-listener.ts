import { addressOf, constants, libraryFunction } from './system-calls.ts';

/** Of `<asm/socket.h>` of Linux. */
const SO_ATTACH_FILTER = 26;

/**
 * Drops segments with the flag SYN, and lets all others through: instructions of classic BPF, as `code`, `jt`, `jf`, `k`
 * of `struct sock_filter`. The filter of a TCP socket sees a segment from its TCP header on.
 */
const DROP_SYN: readonly (readonly [number, number, number, number])[] = [
  [0x30, 0, 0, 13], // ldb [13]: the flags
  [0x45, 0, 1, 0x02], // jset SYN
  [0x06, 0, 0, 0], // ret 0: drop
  [0x06, 0, 0, 0xffff_ffff], // ret -1: keep all of it
];

/**
 * Has the kernel begin no further connections at a listening TCP socket that is about to be closed, in every process
 * that has it; those that wait for `accept`, and those that exist, are as before. Whoever connects meanwhile is neither
 * accepted nor refused: the client's system asks again, a second later, and is then refused, or served by who listens by
 * then. Without this, a connection that the kernel completes between the last `accept` and the closing is reset, with the
 * request that has been sent on it. It cannot be taken back.
 *
 * Does nothing on other systems than Linux, and for a unix socket, which nobody finds once its file is removed.
 * Where the kernel refuses it (a sandbox, a filter that is locked), late connections are reset as ever: the socket is to be
 * closed all the same.
 */
export function admitNoMore(fd: number): void {
  if (process.platform !== 'linux') return;
  const program = Buffer.alloc(DROP_SYN.length * 8);
  for (const [index, [code, jt, jf, k]] of DROP_SYN.entries()) {
    const at = program.writeUInt16LE(code, index * 8);
    program.writeUInt8(jf, program.writeUInt8(jt, at));
    program.writeUInt32LE(k, at + 2);
  }
  // `struct sock_fprog`: a length, and where the program lies.
  const value = Buffer.alloc(16);
  value.writeUInt16LE(DROP_SYN.length);
  value.writeBigUInt64LE(addressOf(program), 8);
  const setsockopt = libraryFunction(
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  setsockopt(fd, constants().SOL_SOCKET, SO_ATTACH_FILTER, value, value.length);
}
