import type { Socket } from 'node:net';
import type { Peer } from '@gunicorn-ts/posix';
import type { ConnectionFront } from '../connection.ts';

/** What applications ask of a TLS socket is answered by the one in front. */
export function showFront(socket: Socket, { secured, source }: ConnectionFront, peer: Peer): void {
  const { address: remoteAddress, port: remotePort } = source ?? { address: peer.host, port: peer.port };
  Object.assign(socket, {
    encrypted: true,
    authorized: secured.authorized,
    authorizationError: secured.authorizationError,
    alpnProtocol: secured.alpnProtocol,
    servername: secured.servername,
    getCipher: () => secured.getCipher(),
    getPeerCertificate: (detailed?: boolean) => secured.getPeerCertificate(detailed),
    getPeerX509Certificate: () => secured.getPeerX509Certificate(),
    getProtocol: () => secured.getProtocol(),
  });
  for (const [name, value] of Object.entries({ remoteAddress, remotePort })) {
    Object.defineProperty(socket, name, { value, configurable: true, enumerable: true });
  }
}
