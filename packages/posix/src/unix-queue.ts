import { fstatSync } from 'node:fs';
import { type LibraryFunction, libraryFunction } from './system-calls.ts';

/** Of `<linux/netlink.h>`, `<linux/sock_diag.h>` and `<linux/unix_diag.h>`. */
const AF_UNIX = 1;
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 1;
const ANY_STATE = 0xffff_ffff;
const NO_COOKIE = 0xffff_ffff;
const UDIAG_SHOW_RQLEN = 0x10;
const UNIX_DIAG_RQLEN = 4;
const MSG_DONTWAIT = 0x40;
/** In the third byte of what the kernel says of a socket. */
const TCP_LISTEN = 10;

const HEAD_BYTES = 16;
const REQUEST_BYTES = HEAD_BYTES + 24;
const ANSWER_HEAD_BYTES = HEAD_BYTES + 16;
const ATTRIBUTE_HEAD_BYTES = 4;
/** A socket with all that the kernel can say of it takes far less. */
const MOST_ANSWER_BYTES = 1024;

interface Calls {
  readonly socket: LibraryFunction;
  readonly send: LibraryFunction;
  readonly recv: LibraryFunction;
  readonly close: LibraryFunction;
}

let calls: Calls | undefined;

/** What waits at a listening unix socket, and how much may. */
export interface UnixQueue {
  readonly waiting: number;
  readonly limit: number;
}

/**
 * No option of a unix socket tells how many connections wait; the diagnosis of sockets does, and needs no capability for
 * a socket of the same network namespace. `undefined` for another socket, and where the kernel has no such diagnosis.
 */
export function unixQueue(fd: number): UnixQueue | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = fstatSync(fd);
  if (!stat.isSocket()) return undefined;
  calls ??= {
    socket: libraryFunction('int socket(int domain, int type, int protocol)'),
    send: libraryFunction('long send(int fd, const void *data, size_t length, int flags)'),
    recv: libraryFunction('long recv(int fd, void *data, size_t length, int flags)'),
    close: libraryFunction('int close(int fd)'),
  };
  const diagnosis = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (diagnosis === -1) return undefined;
  try {
    const request = unixQueueRequest(stat.ino);
    if (calls.send(diagnosis, request, request.length, 0) === -1) return undefined;
    // The kernel has answered by the time it returns from the request.
    const answer = Buffer.alloc(MOST_ANSWER_BYTES);
    const length = calls.recv(diagnosis, answer, answer.length, MSG_DONTWAIT);
    return length <= 0 ? undefined : readUnixQueue(answer.subarray(0, length));
  } finally {
    calls.close(diagnosis);
  }
}

/** Asks for one socket, by the inode number of its descriptor. Pure. */
export function unixQueueRequest(inode: number): Buffer {
  const request = Buffer.alloc(REQUEST_BYTES);
  request.writeUInt32LE(REQUEST_BYTES, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(NLM_F_REQUEST, 6);
  request.writeUInt8(AF_UNIX, HEAD_BYTES);
  request.writeUInt32LE(ANY_STATE, HEAD_BYTES + 4);
  request.writeUInt32LE(inode, HEAD_BYTES + 8);
  request.writeUInt32LE(UDIAG_SHOW_RQLEN, HEAD_BYTES + 12);
  request.writeUInt32LE(NO_COOKIE, HEAD_BYTES + 16);
  request.writeUInt32LE(NO_COOKIE, HEAD_BYTES + 20);
  return request;
}

/** `undefined` for a refusal, and for a socket that does not listen, whose numbers are bytes. Pure. */
export function readUnixQueue(answer: Buffer): UnixQueue | undefined {
  if (answer.length < ANSWER_HEAD_BYTES || answer.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return undefined;
  if (answer.readUInt8(HEAD_BYTES + 2) !== TCP_LISTEN) return undefined;
  const end = Math.min(answer.length, answer.readUInt32LE(0));
  for (let at = ANSWER_HEAD_BYTES; at + ATTRIBUTE_HEAD_BYTES <= end;) {
    const length = answer.readUInt16LE(at);
    if (length < ATTRIBUTE_HEAD_BYTES || at + length > end) return undefined;
    const value = at + ATTRIBUTE_HEAD_BYTES;
    if (answer.readUInt16LE(at + 2) === UNIX_DIAG_RQLEN && length >= ATTRIBUTE_HEAD_BYTES + 8)
      return { waiting: answer.readUInt32LE(value), limit: answer.readUInt32LE(value + 4) };
    // Attributes begin at multiples of four.
    at += (length + 3) & ~3;
  }
  return undefined;
}
