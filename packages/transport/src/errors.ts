import { OperatorError } from '@gunicorn-ts/interface';

/** The key, the certificate or what `sslContext` made of them is refused by OpenSSL. */
export function tlsContextError(cause: unknown): OperatorError {
  return new OperatorError(
    'ERR_TLS_CONTEXT',
    `certfile, keyfile, caCerts or ciphers cannot be used for TLS: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      'Check that the key belongs to the certificate and that the files are PEM.',
    { cause },
  );
}

/** The `sslContext` hook returned no options. */
export function sslContextHookError(returned: unknown): OperatorError {
  return new OperatorError(
    'ERR_SSL_CONTEXT_HOOK',
    `the sslContext hook returned ${returned === null ? 'null' : typeof returned} instead of the TLS options. ` +
      'End it with `return options`.',
  );
}
