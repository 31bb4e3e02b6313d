import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

export type Scheme = 'http' | 'https';

const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/** The peers that are believed when they say that the client spoke https: Gunicorn's `forwarded_allow_ips`. */
export class TrustedPeers {
  readonly #all: boolean;
  readonly #networks = new BlockList();
  /** A connection's peer does not change. */
  readonly #known = new WeakMap<Socket, boolean>();

  /** Names of headers in small letters, each with the value, in small letters, that means https. */
  readonly #secure: readonly (readonly [name: string, value: string])[];

  /**
   * @param patterns addresses, networks in CIDR form, or `*`
   * @param secureSchemeHeaders the setting of that name
   */
  constructor(patterns: readonly string[], secureSchemeHeaders: Readonly<Record<string, string>>) {
    this.#secure = Object.entries(secureSchemeHeaders).map(([name, value]) => [
      name.toLowerCase(),
      value.toLowerCase(),
    ]);
    this.#all = patterns.includes('*');
    for (const pattern of patterns) if (pattern !== '*') this.#add(pattern);
  }

  /** Unix sockets have no peer address: who may connect to one is a matter of file permissions. */
  trusts(address: string | undefined): boolean {
    if (this.#all || address === undefined || address === '') return true;
    const plain = address.replace(MAPPED_IPV4, '');
    return this.#networks.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }

  /** `https` on TLS connections, and on others when a trusted peer says so. */
  scheme(request: IncomingMessage): Scheme {
    const { socket } = request;
    if ((socket as Partial<TLSSocket>).encrypted === true) return 'https';
    return this.forwardedScheme(request);
  }

  /** What a trusted peer says; `http` when it says nothing, or when two of its headers disagree. */
  forwardedScheme(request: IncomingMessage): Scheme {
    let isSecure = false;
    for (const [name, value] of this.#secure) {
      const header = request.headers[name];
      if (header === undefined) continue;
      if (typeof header !== 'string' || header.trim().toLowerCase() !== value) return 'http';
      isSecure = true;
    }
    if (!isSecure) return 'http';
    let trusted = this.#known.get(request.socket);
    if (trusted === undefined) {
      trusted = this.trusts(request.socket.remoteAddress);
      this.#known.set(request.socket, trusted);
    }
    return trusted ? 'https' : 'http';
  }

  #add(pattern: string): void {
    const [address = '', prefix] = pattern.replace(MAPPED_IPV4, '').split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) this.#networks.addAddress(address, family);
    else this.#networks.addSubnet(address, Number(prefix), family);
  }
}
