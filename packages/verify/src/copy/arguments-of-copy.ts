import { join } from 'node:path';
import { ID_HEADER } from '../load/clients.ts';

/** Where the copy is, in place of where the running server is. */
export interface Place {
  /** Its pid file, sockets and logs are here. */
  readonly folder: string;
  /** The port of 127.0.0.1; 0 is a free one. */
  readonly port: number;
  /** The port of 127.0.0.1 on which somebody takes what it sends to syslog. */
  readonly syslogPort: number;
}

/** Addresses pile up: those of the operator are taken out. */
const BIND = /^(?:-b|--bind)(?:=|$)|^-b./;
const DAEMON = /^(?:-D|--daemon|--no-control-socket)$/;

/**
 * Arguments of the copy: those of the operator, then what it has for itself. The last of two flags counts, and a flag
 * counts more than a file: nothing that a file names as a place for logs, metrics or a pid is written to.
 */
export function argumentsOfCopy(argv: readonly string[], place: Place): readonly string[] {
  return withFlags(withoutBinds(argv), ownArguments(place));
}

/** Flags behind the operator's, since the last counts. */
export function withFlags(argv: readonly string[], words: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? [...argv, ...words] : [...argv.slice(0, end), ...words, ...argv.slice(end)];
}

function ownArguments({ folder, port, syslogPort }: Place): readonly string[] {
  const at = (name: string): string => join(folder, name);
  return [
    `--bind=127.0.0.1:${port}`,
    `--pid=${at('pid')}`,
    `--control-socket=${at('control')}`,
    `--env-file=${at('env')}`,
    `--error-logfile=${at('error.log')}`,
    `--access-logfile=${at('access.log')}`,
    `--access-logformat=%({${ID_HEADER.toLowerCase()}}i)s %(s)s`,
    // Each request is looked for in the access log.
    '--access-log-exclude=agent:nobody-has-this-name',
    '--access-log-sample=1',
    '--log-format=text',
    '--log-level=info',
    '--logger-class=',
    '--statsd-host=',
    '--admin-bind=',
    `--log-syslog-to=udp://127.0.0.1:${syslogPort}`,
  ];
}

function withoutBinds(argv: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') return [...kept, ...argv.slice(at)];
    if (word === '-b' || word === '--bind') at += 1;
    else if (!BIND.test(word) && !DAEMON.test(word)) kept.push(word);
  }
  return kept;
}

/** What systemd gives to the one process that it has started: a copy is none of its business. */
const OF_SYSTEMD = /^(?:NOTIFY_SOCKET|LISTEN_(?:FDS|PID|FDNAMES)|WATCHDOG_(?:USEC|PID))$/;

export function environmentOfCopy(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_SYSTEMD.test(name)));
}
