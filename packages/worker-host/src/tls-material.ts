import { readFileSync } from 'node:fs';
import type { Settings, TlsMaterial } from '@gunicorn-ts/interface';
import { bootError } from './errors.ts';

/**
 * Reads the PEM files of the TLS settings; `undefined` when `certfile` is not set.
 *
 * @throws OperatorError `ERR_TLS_FILE` with exit code 3.
 */
export function readTlsMaterial(settings: Readonly<Settings>): TlsMaterial | undefined {
  if (settings.certfile === undefined) return undefined;
  const cert = readPem('certfile', settings.certfile);
  const key = settings.keyfile === undefined ? cert : readPem('keyfile', settings.keyfile);
  if (settings.caCerts === undefined) return { key, cert };
  return { key, cert, ca: readPem('caCerts', settings.caCerts) };
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw bootError('ERR_TLS_FILE', `${setting}: cannot read ${path}: ${(cause as Error).message}`, cause);
  }
}
