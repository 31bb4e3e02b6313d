import type { ProxyEndpoint } from '@gunicorn-ts/http';
import type { AsgiTls } from '@gunicorn-ts/interface';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Client } from './answer.ts';

/** Who asks: as a load balancer says, if one does. */
export function clientOf({ transport, proxy }: ServedConnection): Client {
  const { peer, local } = transport;
  if (transport.secure) return new SecuredClient(transport, proxy?.source);
  if (proxy?.source === undefined) return { host: peer.host, port: peer.port, local };
  return { host: proxy.source.address, port: proxy.source.port, local };
}

/** Its certificate is read for those who ask. */
class SecuredClient implements Client {
  readonly host: string;
  readonly port: number;
  readonly local: Client['local'];
  readonly #transport: Transport;

  constructor(transport: Transport, source: ProxyEndpoint | undefined) {
    this.host = source?.address ?? transport.peer.host;
    this.port = source?.port ?? transport.peer.port;
    this.local = transport.local;
    this.#transport = transport;
  }

  get tls(): AsgiTls | undefined {
    return this.#transport.tls;
  }
}
