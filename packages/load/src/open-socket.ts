import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { RequestFailure } from './failure.ts';
import { type Site, tlsOptions } from './site.ts';

/**
 * A connection to a server, over TLS to an `https:` address.
 * @throws {RequestFailure} `refused`
 */
export async function openSocket(site: Site, limitMs: number): Promise<net.Socket> {
  const { url } = site;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const socket = isTls
    ? tls.connect({
        host,
        port,
        ...tlsOptions(site),
        ALPNProtocols: ['http/1.1'],
        ...(net.isIP(host) === 0 && { servername: host }),
      })
    : net.connect({ host, port });
  socket.setNoDelay();
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    socket.destroy();
    throw new RequestFailure('refused', String(error));
  }
  return socket;
}
