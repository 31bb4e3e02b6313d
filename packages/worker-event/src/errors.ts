import { OperatorError } from '@gunicorn-ts/interface';

/** The key, the certificate or what `sslContext` made of them is refused by OpenSSL. */
export function tlsContextError(cause: unknown): OperatorError {
  return new OperatorError(
    'ERR_TLS_CONTEXT',
    `certfile, keyfile, caCerts or ciphers cannot be used for TLS: ${reasonOf(cause)}. ` +
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

/** An inherited listener cannot be listened on. */
export function listenError(url: string, cause: unknown): OperatorError {
  return new OperatorError('ERR_LISTEN', `the worker cannot listen on ${url}: ${reasonOf(cause)}`, { cause });
}

/** What an unknown thrown value says about itself, with its stack when it has one. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : String(thrown);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
