import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Client } from './answer.ts';

/** Who asks: as a load balancer says, if one does. */
export function clientOf({ transport, proxy }: ServedConnection): Client {
  const { peer, local } = transport;
  if (proxy?.source === undefined) return { host: peer.host, port: peer.port, local };
  return { host: proxy.source.address, port: proxy.source.port, local };
}
