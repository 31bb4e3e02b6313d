import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Folder } from './folder.ts';

export interface Certificate {
  readonly keyfile: string;
  readonly certfile: string;
  /** The certificate as PEM text, for a client to trust. */
  readonly pem: string;
}

/** Makes a self-signed certificate for `localhost` and `127.0.0.1` with the openssl command. */
export function makeCertificate(folder: Pick<Folder, 'file'>, name = 'localhost'): Certificate {
  const keyfile = folder.file(`${name}.key`);
  const certfile = folder.file(`${name}.crt`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', keyfile];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...names, '-out', certfile], {
    stdio: 'pipe',
  });
  return { keyfile, certfile, pem: readFileSync(certfile, 'utf8') };
}

/** Makes an authority, and the certificate of a client that it has signed. */
export function makeClientCertificate(
  folder: Pick<Folder, 'file'>,
  subject: string,
): Certificate & { readonly cafile: string } {
  const authority = makeCertificate(folder, 'authority');
  const keyfile = folder.file('client.key');
  const certfile = folder.file('client.crt');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', keyfile];
  const signer = ['-CA', authority.certfile, '-CAkey', authority.keyfile];
  execFileSync(
    'openssl',
    ['req', '-x509', '-days', '2', ...key, ...signer, '-subj', subject, '-out', certfile],
    {
      stdio: 'pipe',
    },
  );
  return { keyfile, certfile, pem: readFileSync(certfile, 'utf8'), cafile: authority.certfile };
}
