import type { AsgiTls } from '@gunicorn-ts/interface';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { CIPHER_SUITES } from './cipher-suites.ts';

const VERSIONS: Readonly<Record<string, number>> = {
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
};

type Secured = Pick<
  TLSSocket,
  | 'authorizationError'
  | 'getCipher'
  | 'getPeerCertificate'
  | 'getPeerX509Certificate'
  | 'getProtocol'
  | 'getX509Certificate'
>;

const known = new WeakMap<object, AsgiTls>();

/** What a TLS socket and its client have agreed upon. It is read once: neither changes while the connection lasts. */
export function tlsAgreement(socket: Secured): AsgiTls {
  let found = known.get(socket);
  if (found === undefined) {
    found = read(socket);
    known.set(socket, found);
  }
  return found;
}

function read(socket: Secured): AsgiTls {
  const client = socket.getPeerX509Certificate();
  return {
    server_cert: socket.getX509Certificate()?.toString() ?? null,
    client_cert_chain: client === undefined ? [] : chainOf(socket.getPeerCertificate(true)),
    client_cert_name: client === undefined ? null : distinguishedName(client.subject),
    // Node.js says of a client that shows none as well that it is not authorized.
    client_cert_error: client === undefined ? null : describe(socket.authorizationError),
    tls_version: VERSIONS[socket.getProtocol() ?? ''] ?? null,
    cipher_suite: CIPHER_SUITES[socket.getCipher().standardName] ?? null,
  };
}

function describe(error: Error | string | null | undefined): string | null {
  if (error === null || error === undefined || typeof error === 'string') return error ?? null;
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/**
 * The client's certificate and those that signed it. A root at its end is the one of `caCerts`: Node.js adds it, and
 * clients do not send it (RFC 8446 §4.4.2).
 */
function chainOf(first: DetailedPeerCertificate): readonly string[] {
  const chain = [pem(first.raw)];
  for (let one = first; ;) {
    const issuer = one.issuerCertificate as DetailedPeerCertificate | undefined;
    const isRoot = issuer === undefined || issuer === issuer.issuerCertificate;
    if (isRoot || issuer === one) return chain;
    chain.push(pem(issuer.raw));
    one = issuer;
  }
}

function pem(der: Buffer): string {
  // A class of a module that is loaded late; see tooling/scripts/src/builtin-modules.ts.
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  return new X509Certificate(der).toString();
}

/**
 * A name as RFC 4514 writes it, of one as Node.js does: a line for each part, the most general first, with what has to
 * be escaped escaped.
 */
export function distinguishedName(subject: string): string {
  return subject
    .split('\n')
    .map((part) => part.replaceAll(/(?<!\\) \+ /g, '+'))
    .toReversed()
    .join(',');
}
