import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PosixError } from './errors.ts';
import { encodeTcpAddress, type TcpAddress } from './socket-address.ts';
import { boundAddress, setOption, withStreamSocket } from './stream-socket.ts';
import { constants, systemCall } from './system-calls.ts';

export interface TcpListenerOptions {
  /** Numeric: `127.0.0.1`, `::1`, `fe80::1%eth0`; empty is `0.0.0.0`. Names are for the caller to resolve. */
  readonly host: string;
  /** 0 lets the kernel choose; the address that comes back has the port it chose. */
  readonly port: number;
  /** Connections that may wait for `accept`; the kernel caps it. */
  readonly backlog: number;
  /** Let further sockets listen on the same port, connections spread between them. Default: false. */
  readonly reusePort?: boolean;
  /** Of `::`: take the connections to every IPv4 address as well. Default: false. */
  readonly dualStack?: boolean;
  /**
   * False: the address is taken, and connections come once `setListenBacklog` has been called for the socket. Default:
   * true.
   */
  readonly listens?: boolean;
}

export interface TcpListener {
  readonly fd: number;
  readonly address: TcpAddress;
}

/**
 * A listening TCP socket: non-blocking, closed on exec, SO_REUSEADDR, TCP_NODELAY (which accepted
 * connections inherit), and for IPv6 without the IPv4 addresses mapped into it, unless `dualStack` asks for them.
 * @throws {PosixError} EADDRINUSE, EADDRNOTAVAIL, EACCES; EINVAL when `host` or `port` is none
 * @throws {UnsupportedPlatformError} when this system is not known
 */
export function openTcpListener(options: TcpListenerOptions): TcpListener {
  const c = constants();
  const host = options.host === '' ? '0.0.0.0' : options.host;
  const address = encodeTcpAddress(withNumericZone(host), options.port, c);
  const isV6 = isIPv6(host);
  const subject = isV6 ? `[${host}]:${options.port}` : `${host}:${options.port}`;
  return withStreamSocket(isV6 ? c.AF_INET6 : c.AF_INET, (fd) => {
    setOption(fd, c.SOL_SOCKET, c.SO_REUSEADDR, 1);
    setOption(fd, c.IPPROTO_TCP, c.TCP_NODELAY, 1);
    if (options.reusePort === true) setOption(fd, c.SOL_SOCKET, c.SO_REUSEPORT, 1);
    if (isV6) setOption(fd, c.IPPROTO_IPV6, c.IPV6_V6ONLY, options.dualStack === true ? 0 : 1);
    systemCall('bind', subject, fd, address, address.length);
    // Linux lets two sockets with SO_REUSEADDR bind the same address; it is this call that refuses the second.
    if (options.listens !== false) systemCall('listen', subject, fd, options.backlog);
    return { fd, address: boundAddress(fd) as TcpAddress };
  });
}

/**
 * Lets a socket at another address of its port join a listening one, or keeps them out again: `0.0.0.0` and `127.0.0.1`
 * exclude each other otherwise. The kernel then gives a connection to the socket whose address is the exact one.
 */
export function letOthersJoin(fd: number, joining: boolean): void {
  const { SOL_SOCKET, SO_REUSEPORT } = constants();
  setOption(fd, SOL_SOCKET, SO_REUSEPORT, joining ? 1 : 0);
}

/** `fe80::1%eth0` with the number of the interface in place of its name. */
function withNumericZone(host: string): string {
  const [address = '', zone] = host.split('%');
  if (zone === undefined || /^\d+$/.test(zone)) return host;
  const scope = networkInterfaces()[zone]?.find((entry) => entry.family === 'IPv6' && entry.scopeid);
  if (scope?.family === 'IPv6') return `${address}%${scope.scopeid}`;
  throw new PosixError('EINVAL', 'bind', `bind ${host}: no interface ${zone} with a link-local IPv6 address`);
}
