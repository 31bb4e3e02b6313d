import type { Socket } from 'node:net';
import {
  detectProxySignature,
  type HttpRules,
  type ProxyEndpoint,
  readProxyHeader,
  RequestError,
} from '@gunicorn-ts/http';
import { peerAddress } from './peer-address.ts';
import { plainSocketOf } from './tls-server.ts';

export interface ProxiedClientsOptions {
  readonly rules: HttpRules;
  /** How long the header may take to arrive, in milliseconds; 0 is for ever. */
  readonly timeoutMs: number;
  refuse(socket: Socket, error: RequestError): void;
  /** The header did not come in time; the socket is the callee's to end. */
  expire(socket: Socket): void;
}

/** Reads PROXY protocol headers in front of the first request of connections, or of their TLS handshake. */
export class ProxiedClients {
  readonly #options: ProxiedClientsOptions;
  /** Addresses of the proxies, by the sockets that now name the client in their place. */
  readonly #proxies = new WeakMap<Socket, string>();

  constructor(options: ProxiedClientsOptions) {
    this.#options = options;
  }

  /** Calls `pass` when the header has been read, or when the connection begins without one. */
  receive(socket: Socket, pass: () => void): void {
    const { timeoutMs } = this.#options;
    const held: Buffer[] = [];
    const onTime = (): void => {
      settle();
      socket.on('error', () => {});
      this.#options.expire(socket);
    };
    const timer = timeoutMs > 0 ? setTimeout(onTime, timeoutMs) : undefined;
    const fail = (): void => void socket.destroy();
    const onEnd = (): void => {
      settle();
      if (held.length === 0) socket.destroy();
      else this.#options.refuse(socket, new RequestError('incomplete'));
    };
    const settle = (): void => {
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('error', fail);
      socket.off('close', settle);
    };
    const onReadable = (): void => {
      const arrived = socket.read() as Buffer | null;
      if (arrived === null) return;
      held.push(arrived);
      const bytes = Buffer.concat(held);
      try {
        const length = this.#read(socket, bytes);
        if (length === undefined) return;
        settle();
        if (length < bytes.length) socket.unshift(bytes.subarray(length));
        pass();
      } catch (error) {
        settle();
        if (!(error instanceof RequestError)) throw error;
        this.#options.refuse(socket, error);
      }
    };
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
    socket.on('error', fail);
    socket.on('close', settle);
  }

  /** Where the connection of this socket comes from, when that is a proxy that named its client. */
  proxyOf(socket: Socket): string | undefined {
    return this.#proxies.get(socket);
  }

  /** Node wraps the socket of a connection into another one for TLS. */
  addSecured(secured: Socket): void {
    const plain = plainSocketOf(secured);
    const proxy = plain === undefined ? undefined : this.#proxies.get(plain);
    if (plain === undefined || proxy === undefined) return;
    this.#name(secured, proxy, { address: plain.remoteAddress ?? '', port: plain.remotePort ?? 0 });
  }

  /** How many of the bytes are the header; `undefined` while that is open. */
  #read(socket: Socket, bytes: Buffer): number | undefined {
    const { rules } = this.#options;
    const signature = detectProxySignature(bytes, rules.policy.proxyProtocol);
    if (signature === 'more') return undefined;
    if (signature === 'absent') return 0;
    const proxy = peerAddress(socket);
    if (!rules.trustsProxy(proxy)) throw new RequestError('proxy-forbidden');
    const reading = readProxyHeader(bytes, signature);
    if (reading === undefined) return undefined;
    const { source } = reading.header;
    if (source !== undefined) this.#name(socket, proxy, source);
    return reading.length;
  }

  #name(socket: Socket, proxy: string, client: ProxyEndpoint): void {
    this.#proxies.set(socket, proxy);
    Object.defineProperties(socket, {
      remoteAddress: { value: client.address, configurable: true, enumerable: true },
      remotePort: { value: client.port, configurable: true, enumerable: true },
      remoteFamily: {
        value: client.address.includes(':') ? 'IPv6' : 'IPv4',
        configurable: true,
        enumerable: true,
      },
    });
  }
}
