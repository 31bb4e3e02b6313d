import { parseArgs } from 'node:util';
import { verifyUsageError } from './errors.ts';
import { EVENT_NAMES, type EventName } from './events/names.ts';

/** What the operator asks for. */
export interface VerifyArguments {
  /** How often each event happens. */
  readonly times: number;
  /** The whole run takes at least so many seconds, and is ended after ten minutes. */
  readonly seconds: number;
  /** Requests a second; `undefined` is half of what the application turned out to answer. */
  readonly rate: number | undefined;
  readonly seed: number;
  readonly only: readonly EventName[];
  /** What is asked for by GET. */
  readonly paths: readonly string[];
  /** What is posted to. */
  readonly uploads: readonly string[];
  /** Where WebSockets are opened; `undefined` has the paths tried. */
  readonly webSocket: string | undefined;
  /** Files for the page and for JUnit's XML. */
  readonly report: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
  /** Files of PEM: the certificate of clients, and its key. */
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  /** A server that runs already: it is put under load, and nothing else happens to it. */
  readonly url: URL | undefined;
  /** A server of this machine that runs already: a control socket, a pid file or a process id. */
  readonly attach: string | undefined;
  /** The server that is named is the operator's. */
  readonly owns: boolean;
  readonly help: boolean;
  readonly serverArguments: readonly string[];
}

/** Harm that a slip of the pen could do. */
const MOST_RATE = 2000;
const MOST_SECONDS = 600;

export const VERIFY_HELP: string = `usage: gunicorn verify [OPTIONS] [OPTIONS OF THE SERVER] [APP_MODULE]

Starts a copy of the server on a free port of 127.0.0.1, with your application and settings, puts it under load of many
kinds of clients, and lets everything happen to it that happens to servers. Each property that must hold is judged, and
each request that was lost is named, with what happened then. A server that runs already is not touched.

Options:
  --times N           How often each event happens [default: 3]
  --for SECONDS       At least so long [default: 10]
  --rate N            Requests a second, at most ${MOST_RATE} [default: half of what the application answers]
  --seed N            The order of events and requests; the report says which it was
  --only EVENTS       Only these, separated by commas: ${EVENT_NAMES.slice(0, 8).join(', ')},
                      ${EVENT_NAMES.slice(8).join(', ')}
  --path PATH         Ask for this by GET. May be repeated. [default: /]
  --upload PATH       POST bodies of up to 64 kB to this too. May be repeated.
  --websocket PATH    Keep WebSockets open here [default: the first PATH that takes one]
  --client-cert FILE  Where the server asks clients for a certificate: theirs, with --client-key FILE
  --report FILE       Write a page with the time line: requests as dots, events as lines
  --junit FILE        Write the outcome as JUnit's XML
  --json              Print JSON
  --url URL           Only put this server under load, with no events
  --attach SERVER     Put this running server of this machine under load, reload and scale it, and nothing else: its
                      control socket, its pid file or its process id. Needs --i-own-this.
  --i-own-this        What --attach or --url names is yours; without it only a URL of this machine is taken
  -h, --help          Show this help

Exit codes: 0 everything holds, 1 something does not, 2 the words were not understood; else the server did not start, and
it is the server's.`;

/** @throws {OperatorError} `ERR_VERIFY_USAGE` */
export function readVerifyArguments(argv: readonly string[]): VerifyArguments {
  const { own, rest } = split(argv);
  const values = parse(own);
  const url = readUrl(values['url']?.at(-1));
  if (url !== undefined && rest.length > 0)
    throw verifyUsageError(`--url is for a server that runs already, and takes no "${rest[0] ?? ''}"`);
  const attach = values['attach']?.at(-1);
  if (attach !== undefined && rest.length > 0)
    throw verifyUsageError(`--attach is for a server that runs already, and takes no "${rest[0] ?? ''}"`);
  if (attach !== undefined && url !== undefined)
    throw verifyUsageError('--attach and --url name two servers; take one of them');
  return {
    times: readNumber('--times', values['times']?.at(-1) ?? '3', 1, 50),
    seconds: readNumber('--for', values['for']?.at(-1)?.replace(/s$/, '') ?? '10', 1, MOST_SECONDS),
    rate:
      values['rate'] === undefined ? undefined : readNumber('--rate', values['rate'].at(-1)!, 1, MOST_RATE),
    seed: readNumber('--seed', values['seed']?.at(-1) ?? String(Date.now() % 100_000), 0, 4_294_967_295),
    only: readEvents(values['only']),
    paths: readPaths('--path', values['path'] ?? ['/']),
    uploads: readPaths('--upload', values['upload'] ?? []),
    webSocket: readPaths('--websocket', values['websocket'] ?? []).at(-1),
    report: values['report']?.at(-1),
    junit: values['junit']?.at(-1),
    json: 'json' in values,
    clientCert: values['client-cert']?.at(-1),
    clientKey: values['client-key']?.at(-1),
    url,
    attach,
    owns: 'i-own-this' in values,
    help: 'help' in values,
    serverArguments: rest,
  };
}

const VALUES = [
  'times',
  'for',
  'rate',
  'seed',
  'only',
  'path',
  'upload',
  'websocket',
  'report',
  'junit',
  'client-cert',
  'client-key',
  'url',
  'attach',
];
const SWITCHES = ['json', 'i-own-this', 'help'];

/** Words of ours, wherever they stand; the rest is the server's. */
function split(argv: readonly string[]): { own: string[]; rest: string[] } {
  const own: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    const name = word.replace(/^--/, '').replace(/=.*/, '');
    if (word === '--') {
      rest.push(...argv.slice(at));
      break;
    }
    if (word === '-h' || (word.startsWith('--') && SWITCHES.includes(name))) own.push(word);
    else if (word.startsWith('--') && VALUES.includes(name)) {
      own.push(word);
      if (!word.includes('=') && argv[at + 1] !== undefined) own.push(argv[++at]!);
    } else rest.push(word);
  }
  return { own, rest };
}

function parse(words: readonly string[]): Readonly<Record<string, readonly string[]>> {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        ...Object.fromEntries(VALUES.map((name) => [name, { type: 'string', multiple: true }] as const)),
        ...Object.fromEntries(
          SWITCHES.map(
            (name) => [name, { type: 'boolean', ...(name === 'help' && { short: 'h' }) }] as const,
          ),
        ),
      },
    });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : []]),
    );
  } catch (error) {
    throw verifyUsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most)
    throw verifyUsageError(`${flag} takes a number from ${least} to ${most}, not "${text}"`);
  return Math.round(value);
}

function readEvents(texts: readonly string[] | undefined): readonly EventName[] {
  if (texts === undefined) return EVENT_NAMES;
  const names = texts.flatMap((text) => text.split(','));
  for (const name of names)
    if (!(EVENT_NAMES as readonly string[]).includes(name))
      throw verifyUsageError(`--only knows no "${name}", but ${EVENT_NAMES.join(', ')}`);
  return EVENT_NAMES.filter((name) => names.includes(name));
}

function readPaths(flag: string, texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text) => !/^\/[\u0021-\u007e]*$/.test(text));
  if (wrong !== undefined)
    throw verifyUsageError(`${flag} begins with / and has no blanks, unlike "${wrong}"`);
  return texts;
}

function readUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw verifyUsageError(`--url takes an http:// or https:// address, not "${text}"`);
  return url;
}
