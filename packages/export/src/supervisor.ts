import type { Deployment } from '@gunicorn-ts/interface';
import { unwritableValueError } from './errors.ts';
import { shellWord } from './shell-word.ts';

/** Seconds beyond the time that the server allows its requests, before supervisord kills it. */
const MARGIN_S = 5;

/** A program of supervisord. */
export function supervisorProgram(deployment: Deployment): string {
  const { name, settings, invocation, environment } = deployment;
  const { program, argv, cwd } = invocation;
  const lines: (readonly [string, string])[] = [
    ['command', [...program, ...argv].map(shellWord).join(' ')],
    ['directory', cwd],
    ...(settings.user === undefined ? [] : ([['user', String(settings.user)]] as const)),
    ...(environment.length === 0 ? [] : ([['environment', environment.map(pair).join(',')]] as const)),
    ['autostart', 'true'],
    ['autorestart', 'unexpected'],
    ['exitcodes', '0'],
    ['startsecs', '2'],
    ['startretries', '5'],
    ['stopsignal', 'TERM'],
    ['stopwaitsecs', String(Math.ceil(settings.shutdownDelay + settings.gracefulTimeout) + MARGIN_S)],
    // The arbiter alone is asked to stop, and tells its workers; what is left in the end goes together.
    ['stopasgroup', 'false'],
    ['killasgroup', 'true'],
    ['stdout_logfile', `/var/log/supervisor/${name}.log`],
    ['stderr_logfile', `/var/log/supervisor/${name}.error.log`],
  ];
  const body = lines.map(([key, value]) => `${key} = ${escaped(value, key)}`);
  return [
    `; ${name}. Reload it with: kill -HUP "$(supervisorctl pid ${name})"`,
    `[program:${name}]`,
    ...body,
    '',
  ].join('\n');
}

/** supervisord expands `%(ENV_X)s`, and takes what follows ` ;` for a comment. */
function escaped(value: string, key: string): string {
  if (/[\n\r\0]/.test(value)) {
    throw unwritableValueError(key, value, 'holds a line break, which supervisord cannot read');
  }
  if (value.includes(' ;')) throw unwritableValueError(key, value, 'holds " ;", which begins a comment');
  return value.replaceAll('%', '%%');
}

/** supervisord knows no escapes here, and takes quotes off the ends of a value, whatever they are. */
function pair(text: string): string {
  const equals = text.indexOf('=');
  const value = text.slice(equals + 1);
  const quote = ['"', "'"].find((one) => !value.includes(one));
  if (quote === undefined || /^["']|["']$/.test(value)) {
    throw unwritableValueError('environment', text, 'has quotes where supervisord takes them for its own');
  }
  return `${text.slice(0, equals)}=${quote}${value}${quote}`;
}
