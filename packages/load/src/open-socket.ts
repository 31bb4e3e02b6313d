import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { RequestFailure } from './failure.ts';
import { type Site, tlsOptions } from './site.ts';

/**
 * A connection to a server, over TLS to an `https:` address.
 * @throws {RequestFailure} `refused`; `reset` when the server took the connection, and broke it off in the handshake of TLS
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
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
  });
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    socket.destroy();
    const { code } = error as NodeJS.ErrnoException;
    const isBroken = isConnected && (code === 'ECONNRESET' || code === 'EPIPE');
    throw new RequestFailure(isBroken ? 'reset' : 'refused', String(error));
  }
  return socket;
}
