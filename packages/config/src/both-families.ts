import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** One bind of a network address, and the numeric addresses that it stands for: several for a name. */
export interface NetworkBind {
  /** As it was written. */
  readonly bind: string;
  readonly port: number;
  readonly hosts: readonly string[];
  /** It names a host and not an address. */
  readonly isName: boolean;
}

const EVERY_IPV4 = '0.0.0.0';
const EVERY_IPV6 = '::';

/**
 * What binds that are served together listen on. `[::]` is for IPv4 as well, by a socket of its own, unless another
 * bind names an IPv4 address on the same port. What a name shares with other binds is left to them.
 */
export function listenAddresses(binds: readonly NetworkBind[]): readonly NetworkBind[] {
  return binds.map((bind, index) => {
    const others = binds.filter((other) => other !== bind && other.port === bind.port && bind.port !== 0);
    if (bind.isName) {
      const before = binds.slice(0, index);
      const stronger = others.filter((other) => !other.isName || before.includes(other));
      return { ...bind, hosts: distinct(bind.hosts).filter((host) => !isServed(host, stronger)) };
    }
    const forIpv4 = bind.hosts.includes(EVERY_IPV6) && !others.some(({ hosts }) => hosts.some(isIPv4));
    return forIpv4 ? { ...bind, hosts: [...bind.hosts, EVERY_IPV4] } : bind;
  });
}

/** The one spelling of an IPv6 address that the system uses; other hosts are as they were. */
export function canonicalHost(host: string): string {
  if (host === '') return EVERY_IPV4;
  if (!isIPv6(host) || host.includes('%')) return host;
  return new SocketAddress({ address: host, family: 'ipv6' }).address;
}

/** Has the address, or all addresses of its family. */
function isServed(host: string, binds: readonly NetworkBind[]): boolean {
  const every = isIPv4(host) ? EVERY_IPV4 : EVERY_IPV6;
  return binds.some(({ hosts }) => hosts.includes(host) || hosts.includes(every));
}

function distinct(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)];
}
