import type { TlsMaterial } from '@gunicorn-ts/interface';
import { tlsNotTaken } from '../errors.ts';

/** What Node keeps of the options that a TLS server was made with. */
interface TlsServer {
  readonly key?: unknown;
  readonly cert?: unknown;
  readonly ca?: unknown;
  readonly pfx?: unknown;
  readonly passphrase?: string;
  readonly requestCert?: boolean;
  /** Of `addContext`. */
  readonly _contexts?: readonly unknown[];
}

/**
 * The key and certificate of a server of `node:https`, or of `http2.createSecureServer`: the worker class speaks TLS in
 * its place, as with `certfile`. `undefined` for any other server.
 *
 * @throws OperatorError `ERR_APP_TLS` when it has more, or other, than one key and one certificate in PEM
 */
export function ownTls(server: object): TlsMaterial | undefined {
  if (!('setSecureContext' in server) || !('addContext' in server)) return undefined;
  const { key, cert, ca, pfx, passphrase, requestCert, _contexts: contexts = [] } = server as TlsServer;
  if (pfx !== undefined && pfx !== null) throw tlsNotTaken('it has a pfx');
  if (requestCert === true) throw tlsNotTaken('it asks clients for certificates (requestCert)');
  if (contexts.length > 0 || hasNameCallback(server)) {
    throw tlsNotTaken('it has certificates for several names (SNICallback, addContext)');
  }
  const material = { key: pem(key), cert: pem(cert) };
  if (material.key === undefined || material.cert === undefined) {
    throw tlsNotTaken('it has not exactly one key and one certificate in PEM');
  }
  const authority = ca === undefined || ca === null ? undefined : pem(ca);
  const plainKey = passphrase === undefined ? material.key : withoutPassphrase(material.key, passphrase);
  return { key: plainKey, cert: material.cert, ...(authority !== undefined && { ca: authority }) };
}

function pem(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 1 ? pem(value[0]) : undefined;
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
}

function withoutPassphrase(key: string, passphrase: string): string {
  const { createPrivateKey } = process.getBuiltinModule('node:crypto');
  return createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Node keeps it under a symbol, and its own one where the application gave none. */
function hasNameCallback(server: object): boolean {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description?.toLowerCase() === 'snicallback',
  );
  const callback = symbol === undefined ? undefined : (server as Record<symbol, unknown>)[symbol];
  return typeof callback === 'function';
}
