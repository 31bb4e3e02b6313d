import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { PosixError } from './errors.ts';
import type { PlatformConstants } from './platform.ts';

/** Where a socket is bound. Has the shape that the rest of the project calls a listen address. */
export type BoundAddress = TcpAddress | UnixAddress;

export interface TcpAddress {
  readonly kind: 'tcp';
  /** Numeric: `127.0.0.1`, `::1`, `fe80::1%2`. */
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

export interface UnixAddress {
  readonly kind: 'unix';
  /** A path; `@name` for a socket of Linux's abstract namespace; empty when the socket has no name. */
  readonly path: string;
}

/** The largest `sockaddr` that is ever read here: `sockaddr_un` of Linux has 110 bytes. */
export const MAX_ADDRESS_BYTES = 128;

const PATH_OFFSET = 2;
const SOCKADDR_IN_BYTES = 16;
const SOCKADDR_IN6_BYTES = 28;

/**
 * `sockaddr_in` or `sockaddr_in6` of a numeric address. An IPv6 zone must be a number (`fe80::1%2`).
 * @throws {PosixError} EINVAL for anything that is not a numeric address and a port
 */
export function encodeTcpAddress(host: string, port: number, constants: PlatformConstants): Buffer {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PosixError('EINVAL', 'bind', `bind ${host}: ${port} is not a port; ports are 0 to 65535`);
  }
  if (isIPv4(host)) {
    const bytes = withFamily(SOCKADDR_IN_BYTES, constants.AF_INET, constants);
    bytes.writeUInt16BE(port, 2);
    bytes.set(host.split('.').map(Number), 4);
    return bytes;
  }
  const [address = '', zone = '0'] = host.split('%');
  if (!isIPv6(address) || !/^\d+$/.test(zone)) {
    throw new PosixError('EINVAL', 'bind', `bind ${host}: not a numeric IPv4 or IPv6 address`);
  }
  const bytes = withFamily(SOCKADDR_IN6_BYTES, constants.AF_INET6, constants);
  bytes.writeUInt16BE(port, 2);
  for (const [index, group] of expandIpv6(address).entries()) bytes.writeUInt16BE(group, 8 + index * 2);
  // Unlike the port, the scope is in the byte order of the machine; all that Node runs on by FFI are little-endian.
  bytes.writeUInt32LE(Number(zone), 24);
  return bytes;
}

/**
 * `sockaddr_un` of a path.
 * @throws {PosixError} ENAMETOOLONG when the path does not fit, EINVAL when it is empty or holds a zero byte
 */
export function encodeUnixAddress(path: string, constants: PlatformConstants): Buffer {
  const encoded = Buffer.from(path);
  const longest = constants.unixPathSize - 1;
  if (encoded.length === 0 || encoded.includes(0)) {
    throw new PosixError(
      'EINVAL',
      'bind',
      'bind: the path of a unix socket must not be empty or hold a zero byte',
    );
  }
  if (encoded.length > longest) {
    throw new PosixError(
      'ENAMETOOLONG',
      'bind',
      `bind ${path}: the path of a unix socket may have ${longest} bytes at most, this one has ${encoded.length}; use a shorter one`,
    );
  }
  const bytes = withFamily(PATH_OFFSET + encoded.length + 1, constants.AF_UNIX, constants);
  bytes.set(encoded, PATH_OFFSET);
  return bytes;
}

/**
 * `sockaddr_un` of a name in Linux's abstract namespace, which is no file.
 * @param name as it is written, with a leading `@` in place of the zero byte
 * @throws {PosixError} ENAMETOOLONG when it does not fit, EAFNOSUPPORT on systems that have no such namespace
 */
export function encodeAbstractAddress(name: string, constants: PlatformConstants): Buffer {
  const encoded = Buffer.from(name);
  if (constants.addressHasLength) {
    throw new PosixError('EAFNOSUPPORT', 'sendto', `sendto ${name}: only Linux has abstract socket names`);
  }
  if (encoded.length > constants.unixPathSize) {
    throw new PosixError(
      'ENAMETOOLONG',
      'sendto',
      `sendto ${name}: the name of a unix socket may have ${constants.unixPathSize} bytes at most`,
    );
  }
  // Unlike a path it has no terminator: every byte up to the length is part of the name.
  const bytes = withFamily(PATH_OFFSET + encoded.length, constants.AF_UNIX, constants);
  bytes.set(encoded, PATH_OFFSET);
  bytes[PATH_OFFSET] = 0;
  return bytes;
}

/**
 * What `getsockname` wrote.
 * @param length the length that the call gave back, in bytes
 * @returns `undefined` for families other than IPv4, IPv6 and unix
 */
export function decodeSocketAddress(
  bytes: Buffer,
  length: number,
  constants: PlatformConstants,
): BoundAddress | undefined {
  const family = constants.addressHasLength ? bytes.readUInt8(1) : bytes.readUInt16LE(0);
  if (family === constants.AF_INET) {
    return { kind: 'tcp', host: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2), family: 4 };
  }
  if (family === constants.AF_INET6) {
    return { kind: 'tcp', host: ipv6Text(bytes), port: bytes.readUInt16BE(2), family: 6 };
  }
  if (family === constants.AF_UNIX)
    return { kind: 'unix', path: unixPath(bytes.subarray(PATH_OFFSET, length)) };
  return undefined;
}

function withFamily(size: number, family: number, constants: PlatformConstants): Buffer {
  const bytes = Buffer.alloc(size);
  if (constants.addressHasLength) {
    bytes.writeUInt8(size, 0);
    bytes.writeUInt8(family, 1);
  } else {
    bytes.writeUInt16LE(family, 0);
  }
  return bytes;
}

/** The eight groups of an address that `isIPv6` accepted. */
function expandIpv6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => 0), ...after];
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function ipv6Text(bytes: Buffer): string {
  const parts = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + index * 2).toString(16));
  const { address } = new SocketAddress({ address: parts.join(':'), family: 'ipv6' });
  const zone = bytes.readUInt32LE(24);
  return zone === 0 ? address : `${address}%${zone}`;
}

function unixPath(path: Buffer): string {
  if (path.length === 0) return '';
  // An abstract name starts with a zero byte and has no terminator; its length is all that ends it.
  if (path[0] === 0 && path.some((byte) => byte !== 0)) return `@${path.subarray(1).toString()}`;
  const end = path.indexOf(0);
  return path.subarray(0, end === -1 ? path.length : end).toString();
}
