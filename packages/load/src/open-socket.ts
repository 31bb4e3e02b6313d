import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { RequestFailure } from './failure.ts';

/**
 * A connection to the server of a URL, over TLS to an `https:` address, whoever signed its certificate.
 * @throws {RequestFailure} `refused`
 */
export async function openSocket(url: URL, limitMs: number): Promise<net.Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const socket = isTls
    ? tls.connect({
        host,
        port,
        rejectUnauthorized: false,
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
