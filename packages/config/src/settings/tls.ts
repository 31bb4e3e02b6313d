import { defineSection, type Definitions } from '../definition.ts';
import type { TlsVersion } from '@gunicorn-ts/interface';
import { oneOf, optionalText, quote } from '../value.ts';

type Keys = 'keyfile' | 'certfile' | 'caCerts' | 'certReqs' | 'ciphers' | 'tlsMinVersion' | 'tlsMaxVersion';

function certReqs(value: unknown): 0 | 1 | 2 {
  const number = typeof value === 'string' && /^\d$/.test(value.trim()) ? Number(value) : value;
  if (number === 0 || number === 1 || number === 2) return number;
  throw new TypeError(`must be 0 (none), 1 (optional) or 2 (required), not ${quote(value)}`);
}

const version = oneOf(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);

function optionalVersion(value: unknown): TlsVersion | undefined {
  return value === undefined || value === null ? undefined : version(value);
}

export const tlsSettings: Definitions<Keys> = defineSection('TLS', {
  keyfile: {
    describe: 'Private key, a PEM file.',
    default: undefined,
    parse: optionalText,
    isPath: true,
    flag: { names: ['--keyfile'], kind: 'value', metavar: 'FILE' },
    example: `'/etc/ssl/app.key'`,
  },
  certfile: {
    describe: 'Certificate chain, a PEM file; turns TLS on.',
    default: undefined,
    parse: optionalText,
    isPath: true,
    flag: { names: ['--certfile'], kind: 'value', metavar: 'FILE' },
    example: `'/etc/ssl/app.crt'`,
  },
  caCerts: {
    describe: 'Authorities that client certificates are checked against, a PEM file.',
    default: undefined,
    parse: optionalText,
    isPath: true,
    flag: { names: ['--ca-certs'], kind: 'value', metavar: 'FILE' },
    example: `'/etc/ssl/clients.pem'`,
  },
  certReqs: {
    describe: 'Client certificates: 0 none, 1 optional, 2 required.',
    default: 0,
    parse: certReqs,
    flag: { names: ['--cert-reqs'], kind: 'value', metavar: '0|1|2' },
    example: '2',
  },
  ciphers: {
    describe: 'OpenSSL cipher list.',
    default: undefined,
    defaultText: `Node's`,
    parse: optionalText,
    flag: { names: ['--ciphers'], kind: 'value', metavar: 'LIST' },
    example: `'ECDHE+AESGCM'`,
  },
  tlsMinVersion: {
    describe: 'The oldest version of TLS that is spoken.',
    default: undefined,
    defaultText: `Node's, which is TLS 1.2`,
    parse: optionalVersion,
    flag: { names: ['--tls-min-version'], kind: 'value', metavar: 'VERSION' },
    example: `'TLSv1.3'`,
  },
  tlsMaxVersion: {
    describe: 'The newest version of TLS that is spoken.',
    default: undefined,
    defaultText: `Node's, which is TLS 1.3`,
    parse: optionalVersion,
    flag: { names: ['--tls-max-version'], kind: 'value', metavar: 'VERSION' },
    example: `'TLSv1.2'`,
  },
});
