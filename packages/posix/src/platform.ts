import { UnsupportedPlatformError } from './errors.ts';

/** The numbers behind the names of `<sys/socket.h>`, `<netinet/in.h>` and `<fcntl.h>`, which differ between systems. */
export interface PlatformConstants {
  readonly AF_UNIX: number;
  readonly AF_INET: number;
  readonly AF_INET6: number;
  readonly SOCK_STREAM: number;
  readonly SOCK_DGRAM: number;
  /** Flags of `accept4`, which not every system has. */
  readonly SOCK_NONBLOCK?: number;
  readonly SOCK_CLOEXEC?: number;
  /** A flag of `send` and `recv`. */
  readonly MSG_DONTWAIT: number;
  readonly SOL_SOCKET: number;
  readonly SO_REUSEADDR: number;
  /** Several sockets on one port, connections spread between them. */
  readonly SO_REUSEPORT: number;
  readonly SO_KEEPALIVE: number;
  /** Their values are a `struct timeval`. */
  readonly SO_RCVTIMEO: number;
  readonly SO_SNDTIMEO: number;
  readonly SO_TYPE: number;
  readonly SO_ACCEPTCONN: number;
  readonly IPPROTO_TCP: number;
  readonly TCP_NODELAY: number;
  /** Seconds of silence before a peer is asked whether it is there. */
  readonly TCP_KEEPIDLE: number;
  readonly IPPROTO_IPV6: number;
  readonly IPV6_V6ONLY: number;
  readonly F_GETFD: number;
  readonly F_SETFD: number;
  readonly F_GETFL: number;
  readonly F_SETFL: number;
  readonly F_DUPFD_CLOEXEC: number;
  readonly FD_CLOEXEC: number;
  readonly O_NONBLOCK: number;
  /** Size of `sockaddr_un.sun_path` in bytes, the terminating zero included. */
  readonly unixPathSize: number;
  /** BSD systems put the length of an address before its family, one byte each. */
  readonly addressHasLength: boolean;
}

const EVERYWHERE = {
  AF_UNIX: 1,
  AF_INET: 2,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  IPPROTO_TCP: 6,
  TCP_NODELAY: 1,
  IPPROTO_IPV6: 41,
  F_GETFD: 1,
  F_SETFD: 2,
  F_GETFL: 3,
  F_SETFL: 4,
  FD_CLOEXEC: 1,
} as const;

const BSD = {
  ...EVERYWHERE,
  MSG_DONTWAIT: 0x80,
  SOL_SOCKET: 0xffff,
  SO_ACCEPTCONN: 0x0002,
  SO_REUSEADDR: 0x0004,
  SO_KEEPALIVE: 0x0008,
  SO_RCVTIMEO: 0x1006,
  SO_SNDTIMEO: 0x1005,
  SO_TYPE: 0x1008,
  IPV6_V6ONLY: 27,
  O_NONBLOCK: 0x0004,
  unixPathSize: 104,
  addressHasLength: true,
} as const;

const PLATFORMS: Readonly<Record<string, PlatformConstants>> = {
  linux: {
    ...EVERYWHERE,
    AF_INET6: 10,
    SOCK_NONBLOCK: 0o4000,
    SOCK_CLOEXEC: 0o2000000,
    MSG_DONTWAIT: 0x40,
    SOL_SOCKET: 1,
    SO_REUSEADDR: 2,
    SO_KEEPALIVE: 9,
    SO_RCVTIMEO: 20,
    SO_SNDTIMEO: 21,
    TCP_KEEPIDLE: 4,
    SO_TYPE: 3,
    SO_REUSEPORT: 15,
    SO_ACCEPTCONN: 30,
    IPV6_V6ONLY: 26,
    F_DUPFD_CLOEXEC: 1030,
    O_NONBLOCK: 0o4000,
    unixPathSize: 108,
    addressHasLength: false,
  },
  darwin: { ...BSD, AF_INET6: 30, TCP_KEEPIDLE: 0x10, SO_REUSEPORT: 0x0200, F_DUPFD_CLOEXEC: 67 },
  // SO_REUSEPORT_LB: the older SO_REUSEPORT (0x0200) gives all connections to one of the sockets there.
  freebsd: {
    ...BSD,
    AF_INET6: 28,
    TCP_KEEPIDLE: 256,
    SOCK_NONBLOCK: 0x20000000,
    SOCK_CLOEXEC: 0x10000000,
    SO_REUSEPORT: 0x10000,
    F_DUPFD_CLOEXEC: 17,
  },
};

/**
 * The constants of a system, of this one by default.
 * @throws {UnsupportedPlatformError} when the system is not Linux, macOS or FreeBSD
 */
export function platformConstants(platform: string = process.platform): PlatformConstants {
  const found = PLATFORMS[platform];
  if (!found) throw new UnsupportedPlatformError(platform, Object.keys(PLATFORMS));
  return found;
}
