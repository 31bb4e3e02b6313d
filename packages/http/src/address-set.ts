import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';
import { PolicyError } from './errors.ts';

/**
 * A set of peers, as `forwardedAllowIps` and `proxyAllowIps` describe it: addresses, networks in CIDR
 * form, or `*`. An IPv4 address that arrives on a dual-stack listener (`::ffff:10.0.0.1`) is the IPv4 address.
 */
export class AddressSet {
  readonly #everybody: boolean;
  // Two lists: in a single one `::/0` would also hold every IPv4 address, by way of the mapped ones.
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();
  // Peers repeat: behind a proxy every connection comes from the same address.
  #lastAddress: string | undefined;
  #lastAnswer = false;

  /** @throws {PolicyError} when an entry is neither an address, nor a network, nor `*` */
  constructor(entries: readonly string[]) {
    this.#everybody = entries.includes('*');
    for (const entry of entries) if (entry !== '*') this.#add(entry);
  }

  /** @param address an IP address; the empty text stands for a unix socket, which is always in the set */
  has(address: string): boolean {
    if (this.#everybody || address === '') return true;
    if (address !== this.#lastAddress) {
      this.#lastAnswer = this.#check(address);
      this.#lastAddress = address;
    }
    return this.#lastAnswer;
  }

  #check(address: string): boolean {
    const numeric = unmapped(address);
    const family = isIP(numeric);
    if (family === 4) return this.#ipv4.check(numeric, 'ipv4');
    return family === 6 && this.#ipv6.check(numeric, 'ipv6');
  }

  #add(entry: string): void {
    const { address, prefix } = readNetwork(entry);
    if (isIP(address) === 4) this.#ipv4.addSubnet(address, prefix, 'ipv4');
    else this.#ipv6.addSubnet(address, prefix, 'ipv6');
  }
}

function readNetwork(entry: string): { address: string; prefix: number } {
  const slash = entry.indexOf('/');
  const written = slash === -1 ? entry : entry.slice(0, slash);
  const widest = isIP(written) === 4 ? 32 : 128;
  const prefix = slash === -1 ? `${widest}` : entry.slice(slash + 1);
  if (isIP(written) === 0 || !/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > widest) {
    throw new PolicyError(
      `"${entry}" is neither an address nor a network; write 10.0.0.1, 10.0.0.0/8, ::1, fd00::/8 or *`,
    );
  }
  const address = unmapped(written);
  const mapped = widest === 128 && isIP(address) === 4;
  if (!mapped) return { address, prefix: Number(prefix) };
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`: the first 96 bits are the mark of a mapped address.
  if (Number(prefix) >= 96) return { address, prefix: Number(prefix) - 96 };
  return { address: written, prefix: Number(prefix) };
}

/** An address without its zone (`fe80::1%eth0`), and an IPv4-mapped IPv6 address as the IPv4 address it holds. */
export function unmapped(address: string): string {
  const zone = address.indexOf('%');
  const plain = zone === -1 ? address : address.slice(0, zone);
  if (!/ffff/i.test(plain) || !isIPv6(plain)) return plain;
  // It may be written as `::ffff:a00:1` or `0:0:0:0:0:ffff:10.0.0.1` as well.
  const { address: canonical } = new SocketAddress({ address: plain, family: 'ipv6' });
  return /^::ffff:([0-9.]+)$/.exec(canonical)?.[1] ?? plain;
}
