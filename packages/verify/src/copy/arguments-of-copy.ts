import { join } from 'node:path';
import { ID_HEADER } from '../load/clients.ts';

/** Flags with a value that name places of the running server, or what its log looks like. */
const PLACES = new Set([
  '-b',
  '--bind',
  '-p',
  '--pid',
  '--control-socket',
  '--admin-bind',
  '--statsd-host',
  '--access-logfile',
  '--access-logformat',
  '--error-logfile',
  '--log-file',
]);
const SWITCHES = new Set(['-D', '--daemon', '--no-control-socket']);

/**
 * Arguments of the copy: those of the operator, without what the running server has for itself, and with places in the
 * folder of the copy.
 */
export function argumentsOfCopy(argv: readonly string[], folder: string): readonly string[] {
  const at = (name: string): string => join(folder, name);
  return [
    '--bind',
    '127.0.0.1:0',
    '--pid',
    at('pid'),
    '--control-socket',
    at('control'),
    '--env-file',
    at('env'),
    '--error-logfile',
    at('error.log'),
    '--access-logfile',
    at('access.log'),
    '--access-logformat',
    `%({${ID_HEADER.toLowerCase()}}i)s %(s)s`,
    ...withoutPlaces(argv),
  ];
}

function withoutPlaces(argv: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') return [...kept, ...argv.slice(at)];
    if (PLACES.has(word)) at += 1;
    else if (!PLACES.has(word.replace(/=.*/s, '')) && !SWITCHES.has(word)) kept.push(word);
  }
  return kept;
}
