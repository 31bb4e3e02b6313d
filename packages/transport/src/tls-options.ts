import type { ServerOptions } from 'node:https';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { sslContextHookError } from './errors.ts';

type TlsServerOptions = ServerOptions & Required<Pick<ServerOptions, 'handshakeTimeout'>>;

const NODE_HANDSHAKE_TIMEOUT_MS = 120_000;

/**
 * The options of `https.createServer`, or `undefined` when the settings name no certificate.
 * @throws {OperatorError} `ERR_SSL_CONTEXT_HOOK`
 */
export function tlsOptions(context: WorkerContext): ServerOptions | undefined {
  const { tls, settings, hooks } = context;
  if (tls === undefined) return undefined;
  const options: TlsServerOptions = {
    key: tls.key,
    cert: tls.cert,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(settings.ciphers === undefined ? {} : { ciphers: settings.ciphers }),
    ...(settings.tlsMinVersion === undefined ? {} : { minVersion: settings.tlsMinVersion }),
    ...(settings.tlsMaxVersion === undefined ? {} : { maxVersion: settings.tlsMaxVersion }),
    ALPNProtocols: [...settings.httpProtocols],
    requestCert: settings.certReqs !== 0,
    rejectUnauthorized: settings.certReqs === 2,
    // A client that does not finish the handshake is a client that does not send its head.
    handshakeTimeout:
      settings.headersTimeout > 0 ? settings.headersTimeout * 1000 : NODE_HANDSHAKE_TIMEOUT_MS,
  };
  if (hooks.sslContext === undefined) return options;
  const changed: unknown = hooks.sslContext(settings, options);
  if (typeof changed !== 'object' || changed === null) throw sslContextHookError(changed);
  return changed;
}
