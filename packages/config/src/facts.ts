import { accessSync, constants, readFileSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { Problem, Settings } from '@gunicorn-ts/interface';
import { parseBind } from './bind.ts';
import { gatherIdentity, type IdentityFacts } from './identity.ts';

/** What a path leads to. */
export interface PathFact {
  readonly kind: 'missing' | 'file' | 'folder' | 'other';
  readonly readable: boolean;
  readonly writable: boolean;
}

/** What the rules need to know of this machine. */
export interface Facts {
  readonly platform: NodeJS.Platform;
  readonly paths: ReadonlyMap<string, PathFact>;
  readonly identity: IdentityFacts;
  readonly tlsMistake: TlsMistake | undefined;
  /** Paths of unix sockets that are open already: by systemd, or by the server that reads its settings again. */
  readonly heldSockets: ReadonlySet<string>;
}

/** What OpenSSL says, and the setting to blame for it. */
export interface TlsMistake extends Problem {
  readonly setting: 'certfile' | 'keyfile' | 'caCerts' | 'ciphers';
}

const MISSING: PathFact = { kind: 'missing', readable: false, writable: false };

/**
 * Looks at every file and account that the settings name.
 * @param heldSockets paths of unix sockets that need not be made
 */
export async function gatherFacts(
  settings: Readonly<Settings>,
  heldSockets: ReadonlySet<string>,
): Promise<Facts> {
  const files = [settings.certfile, settings.keyfile, settings.caCerts, settings.workerTmpDir];
  const written = writtenFiles(settings).flatMap(({ path }) => [path, dirname(path)]);
  const sockets = unixSockets(settings).map((path) => dirname(path));
  const paths = [...files, ...settings.reloadExtraFiles, ...written, ...sockets].filter(
    (path) => path !== undefined,
  );
  return {
    platform: process.platform,
    paths: new Map(paths.map((path) => [path, lookAt(path)])),
    identity: gatherIdentity(settings),
    tlsMistake: await findTlsMistake(settings),
    heldSockets,
  };
}

/** Files that the server will create: their folders must exist. */
export function writtenFiles(settings: Readonly<Settings>): { setting: keyof Settings; path: string }[] {
  const { pidfile, errorlog, accesslog } = settings;
  return Object.entries({ pidfile, errorlog, accesslog }).flatMap(([setting, path]) =>
    path === undefined || path === '-' ? [] : [{ setting: setting as keyof Settings, path }],
  );
}

/** Paths of the unix sockets in `bind`. */
export function unixSockets({ bind }: Pick<Settings, 'bind'>): string[] {
  return bind.map(parseBind).flatMap((target) => (target.kind === 'unix' ? [target.path] : []));
}

/** What a path leads to, and what this process may do with it. */
export function lookAt(path: string): PathFact {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch {
    return MISSING;
  }
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, readable: mayAccess(path, constants.R_OK), writable: mayAccess(path, constants.W_OK) };
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tries the TLS material as a server would. One piece more at a time, so that OpenSSL's complaint, which
 * names no file, can be laid at the right setting's door.
 */
async function findTlsMistake(settings: Readonly<Settings>): Promise<TlsMistake | undefined> {
  const cert = read(settings.certfile);
  const key = read(settings.keyfile);
  if (cert === undefined || key === undefined) return undefined;
  if (settings.keyfile === settings.certfile && !key.includes('PRIVATE KEY-----')) {
    const cure = 'name the file with the key in keyfile';
    return { setting: 'certfile', message: 'holds no private key, and there is no keyfile', cure };
  }
  const ca = read(settings.caCerts);
  const { ciphers } = settings;
  const steps = [
    ['certfile', { cert }],
    ['keyfile', { cert, key }],
    ['caCerts', ca === undefined ? {} : { ca }],
    ['ciphers', ciphers === undefined ? {} : { ciphers }],
  ] as const;
  const { createSecureContext } = await import('node:tls');
  for (const [setting, options] of steps) {
    try {
      createSecureContext(options);
    } catch (error) {
      return { setting, ...explainOpenSsl(error as Error) };
    }
  }
  return undefined;
}

/** What people do wrong, by what OpenSSL then says. */
const OPENSSL_COMPLAINTS: readonly (readonly [complaint: RegExp, message: string, cure: string])[] = [
  [
    /key values mismatch/i,
    'does not belong to the certificate in certfile',
    'name the key that the certificate was made with',
  ],
  [/no start line/i, 'is not a PEM file', 'name a file with a line -----BEGIN …-----'],
  [
    /bad decrypt|interrupted or cancelled|password/i,
    'is encrypted, and there is nobody to type the password',
    'decrypt it: openssl pkey -in KEY -out PLAIN',
  ],
  [/no cipher match/i, 'names no cipher that OpenSSL knows', 'openssl ciphers lists them'],
];

function explainOpenSsl({ message }: Error): Pick<Problem, 'message' | 'cure'> {
  const known = OPENSSL_COMPLAINTS.find(([complaint]) => complaint.test(message));
  if (known !== undefined) return { message: known[1], cure: known[2] };
  return { message: `is refused by OpenSSL: ${message.replace(/^error:[0-9A-F]+:/, '')}` };
}

function read(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
