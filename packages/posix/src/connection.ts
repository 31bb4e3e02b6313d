import { constants as system } from 'node:os';
import { PosixError, systemCallError } from './errors.ts';
import { FixedBuffer } from './fixed-buffer.ts';
import { decodeSocketAddress, MAX_ADDRESS_BYTES } from './socket-address.ts';
import { constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

/** What calls on non-blocking descriptors return when they would have to wait. */
export const WOULD_BLOCK = -1;

/** The far end of an accepted connection. */
export interface Peer {
  /** Numeric; empty for a unix socket. */
  readonly host: string;
  /** 0 for a unix socket. */
  readonly port: number;
}

export interface AcceptedConnection {
  /** Non-blocking, closed on exec. */
  readonly fd: number;
  readonly peer: Peer;
}

const NO_PEER: Peer = Object.freeze({ host: '', port: 0 });
const { EAGAIN, EINTR } = system.errno;
/**
 * What `accept` says of the connection at the head of the queue, which it has taken out: the client left, the network
 * on the way failed, a firewall forbids it. The next one may be there (accept(2), "Error handling"). Also a signal.
 */
const PASSING_ERRNOS: ReadonlySet<number> = new Set(
  [
    'EINTR',
    'ECONNABORTED',
    'EPROTO',
    'ENETDOWN',
    'ENOPROTOOPT',
    'EHOSTDOWN',
    'ENONET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ETIMEDOUT',
    'EPERM',
  ].flatMap((name) => (system.errno as Record<string, number>)[name] ?? []),
);
/** Such errors in a row after which the others that wait for this thread get their turn. */
const MOST_PASSING = 64;
const SHUT_WR = 1;
const POLLIN = 1;
const SEEK_CUR = 1;
/** Linux: more will be written, or the connection ended, at once; what was sent may wait for that. */
const MSG_MORE = process.platform === 'linux' ? 0x8000 : 0;

interface Calls {
  readonly accept4: LibraryFunction;
  readonly recv: LibraryFunction;
  readonly send: LibraryFunction;
  readonly sendBytes: LibraryFunction;
  readonly poll: LibraryFunction;
  readonly shutdown: LibraryFunction;
  readonly close: LibraryFunction;
  readonly lseek: LibraryFunction;
  readonly sendfile: LibraryFunction;
  readonly address: FixedBuffer;
  readonly addressLength: FixedBuffer;
  readonly pollRequest: FixedBuffer;
  readonly acceptFlags: number;
}

let loaded: Calls | undefined;

function calls(): Calls {
  if (loaded !== undefined) return loaded;
  const { SOCK_NONBLOCK, SOCK_CLOEXEC } = constants();
  if (SOCK_NONBLOCK === undefined || SOCK_CLOEXEC === undefined) {
    throw new PosixError('ENOSYS', 'accept4', 'accept4: this system does not have it (ENOSYS)');
  }
  loaded = {
    // Addresses are handed over as numbers: koffi then does not look at the objects behind them.
    accept4: libraryFunction('int accept4(int fd, uintptr_t address, uintptr_t length, int flags)'),
    recv: libraryFunction('intptr_t recv(int fd, uintptr_t bytes, uintptr_t length, int flags)'),
    send: libraryFunction('intptr_t send(int fd, uintptr_t bytes, uintptr_t length, int flags)'),
    sendBytes: libraryFunction('intptr_t send(int fd, const void *bytes, uintptr_t length, int flags)'),
    poll: libraryFunction('int poll(uintptr_t descriptors, unsigned long count, int timeout)'),
    shutdown: libraryFunction('int shutdown(int fd, int how)'),
    close: libraryFunction('int close(int fd)'),
    lseek: libraryFunction('int64_t lseek(int fd, int64_t offset, int whence)'),
    sendfile: libraryFunction('intptr_t sendfile(int to, int from, uintptr_t offset, uintptr_t count)'),
    address: new FixedBuffer(MAX_ADDRESS_BYTES),
    addressLength: new FixedBuffer(4),
    pollRequest: new FixedBuffer(8),
    acceptFlags: SOCK_NONBLOCK | SOCK_CLOEXEC,
  };
  return loaded;
}

/**
 * Takes a connection from a listening, non-blocking socket.
 * @returns `undefined` when none waits
 * @throws {PosixError} EMFILE, ENFILE and others; ENOSYS where there is no `accept4`
 */
export function acceptConnection(listener: number): AcceptedConnection | undefined {
  const { accept4, address, addressLength, acceptFlags } = calls();
  for (let tries = 0; tries < MOST_PASSING; tries++) {
    addressLength.bytes.writeUInt32LE(MAX_ADDRESS_BYTES, 0);
    const fd = accept4(listener, address.address, addressLength.address, acceptFlags);
    if (fd >= 0) return { fd, peer: readPeer(address.bytes, addressLength.bytes.readUInt32LE(0)) };
    const errno = lastErrno();
    if (errno === EAGAIN) return undefined;
    if (!PASSING_ERRNOS.has(errno)) throw failed('accept4', listener);
  }
  return undefined;
}

/**
 * Reads what has arrived.
 * @returns the number of bytes, 0 at the end of the stream, or {@link WOULD_BLOCK}
 * @throws {PosixError} ECONNRESET and others
 */
export function receive(fd: number, into: FixedBuffer): number {
  return result('recv', fd, calls().recv(fd, into.address, into.bytes.length, 0));
}

/**
 * Waits on this thread, which stops everything else, until there is something to read.
 * @returns false when nothing came in time
 */
export function awaitReadable(fd: number, timeoutMs: number): boolean {
  const { poll, pollRequest } = calls();
  pollRequest.bytes.writeInt32LE(fd, 0);
  pollRequest.bytes.writeInt16LE(POLLIN, 4);
  return poll(pollRequest.address, 1, timeoutMs) > 0;
}

/**
 * Sends a part of a buffer, as much of it as the kernel takes now.
 * @param isLast nothing follows but {@link shutdownWrite}, at once: Linux then makes one packet of the bytes and the end
 * @returns the number of bytes, or {@link WOULD_BLOCK}
 * @throws {PosixError} EPIPE, ECONNRESET and others
 */
export function transmit(fd: number, from: FixedBuffer, length: number, isLast = false): number {
  return result('send', fd, calls().send(fd, from.address, length, isLast ? MSG_MORE : 0));
}

/** {@link transmit} for bytes that lie anywhere. */
export function transmitBytes(fd: number, bytes: Uint8Array): number {
  return result('send', fd, calls().sendBytes(fd, bytes, bytes.length, 0));
}

/**
 * Sends a part of a file from its current position, which moves, without reading it into memory. Linux.
 * @param count bytes at most
 * @returns the number of bytes, 0 at the end of the file, or {@link WOULD_BLOCK}
 * @throws {PosixError} EINVAL for a file that cannot be sent so, EPIPE, ECONNRESET and others
 */
export function sendFile(fd: number, file: number, count: number): number {
  return result('sendfile', fd, calls().sendfile(fd, file, 0, count));
}

/** Where the next `read` of a file begins, in bytes. Throws ESPIPE for what is no file. */
export function filePosition(file: number): number {
  const position = Number(calls().lseek(file, 0, SEEK_CUR));
  if (position === -1) throw failed('lseek', file);
  return position;
}

/** Ends the sending side: the peer reads to the end, and can still send. A peer that is gone is no error. */
export function shutdownWrite(fd: number): void {
  calls().shutdown(fd, SHUT_WR);
}

/** Closes a descriptor that belongs to nobody else. */
export function closeDescriptor(fd: number): void {
  calls().close(fd);
}

function result(name: string, fd: number, returned: number): number {
  if (returned !== -1) return returned;
  const errno = lastErrno();
  if (errno === EAGAIN || errno === EINTR) return WOULD_BLOCK;
  throw failed(name, fd);
}

function failed(name: string, fd: number): PosixError {
  return systemCallError(name, lastErrno(), `file descriptor ${fd}`);
}

const PORT = 2;
const IPV4_HOST = 4;
const IPV6_HOST = 8;
/** Where the IPv4 address stands in an IPv6 address that it is mapped into. */
const MAPPED_HOST = IPV6_HOST + 12;
const MAPPED_MARK = 0xff_ff;
let lastHost = '';
let lastHostBits = -1;

function readPeer(bytes: Buffer, length: number): Peer {
  const { AF_INET, AF_INET6, addressHasLength } = constants();
  const family = addressHasLength ? bytes[1] : bytes.readUInt16LE(0);
  if (family === AF_INET) return { host: ipv4Text(bytes, IPV4_HOST), port: bytes.readUInt16BE(PORT) };
  // A client of a dual-stack listener that speaks IPv4 is known by that address, whoever asks.
  if (family === AF_INET6 && isMapped(bytes)) {
    return { host: ipv4Text(bytes, MAPPED_HOST), port: bytes.readUInt16BE(PORT) };
  }
  const address = decodeSocketAddress(bytes, length, constants());
  return address?.kind === 'tcp' ? { host: address.host, port: address.port } : NO_PEER;
}

function isMapped(bytes: Buffer): boolean {
  const mark = bytes.readUInt32BE(MAPPED_HOST - 4);
  return (
    mark === MAPPED_MARK && bytes.readUInt32BE(IPV6_HOST) === 0 && bytes.readUInt32BE(IPV6_HOST + 4) === 0
  );
}

function ipv4Text(bytes: Buffer, at: number): string {
  const bits = bytes.readUInt32BE(at);
  // Behind a proxy all connections come from one address.
  if (bits !== lastHostBits) {
    lastHostBits = bits;
    lastHost = bytes.subarray(at, at + 4).join('.');
  }
  return lastHost;
}
