import { readFileSync } from 'node:fs';
import type { ClientIdentity } from '@gunicorn-ts/load';
import type { VerifyArguments } from './arguments.ts';
import { verifyUsageError } from './errors.ts';

/**
 * The certificate that clients show, when the operator names one.
 * @throws {OperatorError} `ERR_VERIFY_USAGE`
 */
export function identityOf({
  clientCert,
  clientKey,
}: Pick<VerifyArguments, 'clientCert' | 'clientKey'>): ClientIdentity | undefined {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert === undefined || clientKey === undefined)
    throw verifyUsageError(
      `${clientCert === undefined ? '--client-key' : '--client-cert'} stands alone; name both, a certificate and its key`,
    );
  return { cert: readPem('--client-cert', clientCert), key: readPem('--client-key', clientKey) };
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw verifyUsageError(`${flag} ${file} cannot be read: ${(error as Error).message}`);
  }
}
