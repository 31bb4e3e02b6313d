import { exportUsageError } from './errors.ts';
import { splitFlag, takeOptions } from './option-words.ts';
import { PACKAGED_KINDS } from './packaged.ts';

/** What can be exported. */
export const EXPORT_KINDS = ['systemd', 'nginx', 'apache', 'supervisor', 'logrotate'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** `gunicorn export KIND …`, taken apart. */
export interface ExportArguments {
  readonly kind: ExportKind;
  /** Folder to write to; without one the files are printed. */
  readonly output: string | undefined;
  /** Folder to compare with. */
  readonly check: string | undefined;
  readonly userUnit: boolean;
  readonly template: boolean;
  readonly socket: boolean;
  readonly serverNames: readonly string[];
  readonly statics: readonly (readonly [url: string, folder: string])[];
  readonly streaming: readonly string[];
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly help: boolean;
  /** The rest: what the server itself is started with. */
  readonly serverArguments: readonly string[];
}

const SWITCHES = new Set(['--user-unit', '--template', '--no-socket', '--help', '-h']);
const VALUES = new Set([
  '--output',
  '--check',
  '--server-name',
  '--static',
  '--streaming',
  '--tls-certificate',
  '--tls-key',
]);

export const EXPORT_HELP: string = `usage: gunicorn export {${[...EXPORT_KINDS, ...PACKAGED_KINDS.keys()].join(',')}} [OPTIONS] [THE SERVER'S OWN FLAGS] [APP_MODULE]

Prints the files that run the server or stand in front of it, made from its settings: the same gunicorn.conf.ts,
the same flags. Nothing is installed, and nothing of the application is run.

  systemd             NAME.service, and NAME.socket when systemd can hold the sockets
  nginx               a server block with its upstream
  apache              a virtual host
  supervisor          a program of supervisord
  logrotate           rotation of its log files
${[...PACKAGED_KINDS].map(([kind, { summary }]) => `  ${kind.padEnd(20)}${summary}`).join('\n')}

The last ones come with packages of their own, and have options of their own: gunicorn export kubernetes --help

Options:
  --output DIR        Write the files to DIR instead of printing them.
  --check DIR         Say what differs from the files in DIR; exit code 1 when something does.

For systemd:
  --user-unit         A unit for systemctl --user.
  --template          NAME@.service, for several instances: NAME@blue, NAME@green.
  --no-socket         The server opens its sockets itself; a restart then refuses connections for a moment.

For nginx and apache:
  --server-name HOST  Name of the site. May be repeated. [default: localhost]
  --static URL=DIR    Answer URL from DIR. May be repeated.
  --streaming PATH    Pass answers below PATH on as they come. May be repeated.
  --tls-certificate FILE, --tls-key FILE
                      Serve the site by TLS, and lead plain HTTP there.

NAME is the server's --name, or comes from the application.`;

/** @throws {OperatorError} `ERR_EXPORT_USAGE` */
export function readArguments(argv: readonly string[]): ExportArguments {
  const [kind, ...words] = argv;
  const { given, rest } = takeOptions(words, { switches: SWITCHES, values: VALUES });
  const help = given.has('--help') || given.has('-h') || kind === '--help' || kind === '-h';
  if (!help && !isKind(kind)) {
    const found = kind === undefined ? 'nothing' : JSON.stringify(kind);
    throw exportUsageError(
      `export: write one of ${[...EXPORT_KINDS, ...PACKAGED_KINDS.keys()].join(', ')} behind it, not ${found}`,
    );
  }
  return {
    kind: isKind(kind) ? kind : 'systemd',
    output: given.get('--output')?.at(-1),
    check: given.get('--check')?.at(-1),
    userUnit: given.has('--user-unit'),
    template: given.has('--template'),
    socket: !given.has('--no-socket'),
    serverNames: given.get('--server-name') ?? ['localhost'],
    statics: (given.get('--static') ?? []).map(readStatic),
    streaming: (given.get('--streaming') ?? []).map(readPath),
    tls: readTls(given.get('--tls-certificate')?.at(-1), given.get('--tls-key')?.at(-1)),
    help,
    serverArguments: rest,
  };
}

function isKind(text: string | undefined): text is ExportKind {
  return (EXPORT_KINDS as readonly (string | undefined)[]).includes(text);
}

function readStatic(text: string): readonly [string, string] {
  const [url, folder] = splitFlag(text);
  if (folder === undefined || folder === '' || !url.startsWith('/')) {
    throw exportUsageError(
      `--static must be URL=DIR, as in /static/=/srv/app/static/, not ${JSON.stringify(text)}`,
    );
  }
  return [url, folder];
}

function readTls(
  certificate: string | undefined,
  key: string | undefined,
): { readonly certificate: string; readonly key: string } | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw exportUsageError('--tls-certificate and --tls-key go together; give both, or none');
  for (const file of [certificate, key]) {
    if (!file.startsWith('/'))
      throw exportUsageError(
        `--tls-certificate and --tls-key are absolute paths, not ${JSON.stringify(file)}`,
      );
  }
  return { certificate, key };
}

function readPath(text: string): string {
  if (text.startsWith('/')) return text;
  throw exportUsageError(`--streaming must be a path that begins with /, not ${JSON.stringify(text)}`);
}
