import type { Deployment } from '@gunicorn-ts/interface';
import { nothingToRotateError, unwritableValueError } from './errors.ts';
import { shellWord } from './shell-word.ts';

/**
 * A file for `/etc/logrotate.d`: the log files of the settings are renamed once a day, and the server is told to open
 * new ones (USR1).
 * @throws {OperatorError} `ERR_EXPORT_SETTING` when the settings name no log file
 */
export function logRotation(deployment: Deployment): string {
  const { name, settings } = deployment;
  const files = [...new Set([settings.errorlog, settings.accesslog])].filter(isRotated);
  if (files.length === 0) throw nothingToRotateError();
  return [
    `# Log files of ${name}. For /etc/logrotate.d.`,
    `${files.map(quoted).join(' ')} {`,
    ...[
      ...ownerLines(deployment),
      'daily',
      'rotate 14',
      'missingok',
      'notifempty',
      'compress',
      '# A worker may still write to the old file until it has heard of the new one.',
      'delaycompress',
      '# With the owner and mode of the old file.',
      'create',
      'sharedscripts',
      'postrotate',
      `    ${reopenCommand(deployment)}`,
      'endscript',
    ].map((line) => `    ${line}`),
    '}',
    '',
  ].join('\n');
}

/** Standard output and error go to whoever started the server, and a device is no file. */
function isRotated(file: string | undefined): file is string {
  return file !== undefined && file !== '-' && file !== '' && !file.startsWith('/dev/');
}

/** logrotate leaves a folder alone that others than root may write to, unless it is told whose it is. */
function ownerLines({ settings: { user, group } }: Deployment): string[] {
  if (user === undefined) return [];
  return [
    "# The folder belongs to the user of the workers. Remove this line where it is root's.",
    `su ${quoted(String(user))} ${quoted(String(group ?? user))}`,
  ];
}

function reopenCommand({ name, settings: { pidfile } }: Deployment): string {
  if (pidfile === undefined) return `systemctl kill --kill-who=main --signal=USR1 ${name}.service`;
  const file = shellWord(pidfile);
  return `! test -s ${file} || kill -USR1 "$(cat ${file})"`;
}

function quoted(text: string): string {
  if (/["\n\r\0*?[\]{}]/.test(text)) {
    throw unwritableValueError('log file', text, 'holds a character that logrotate reads as its own');
  }
  return /^[\w./+@:-]+$/.test(text) ? text : `"${text}"`;
}
