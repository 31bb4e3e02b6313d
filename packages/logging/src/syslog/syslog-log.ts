import type { LoggingSettings, LogLevel, Settings } from '@gunicorn-ts/interface';
import { programName, syslogMessage, type SyslogNames } from './message.ts';
import { SyslogSender } from './syslog-sender.ts';

/** The settings that it is opened with. */
export type SyslogSettings = Pick<
  LoggingSettings,
  'syslog' | 'syslogAddr' | 'syslogPrefix' | 'syslogFacility' | 'disableRedirectAccessToSyslog'
> &
  Pick<Settings, 'procName' | 'app'>;

/** One of the two logs, as syslog gets it. */
export interface SyslogLog {
  write(level: LogLevel, text: string): void;
  close(): void;
}

/** `undefined` where the settings do not want it. */
export function openSyslog(
  log: 'error' | 'access',
  settings: Partial<SyslogSettings>,
  warn: (problem: string) => void,
): SyslogLog | undefined {
  const { syslog, syslogAddr, syslogPrefix, syslogFacility: facility = 'user', procName, app } = settings;
  if (syslog !== true || syslogAddr === undefined) return undefined;
  if (log === 'access' && settings.disableRedirectAccessToSyslog === true) return undefined;
  const names: SyslogNames = {
    facility,
    program: programName(syslogPrefix, procName ?? app ?? 'gunicorn', log),
  };
  const sender = new SyslogSender(syslogAddr, warn);
  return {
    write: (level, text) => sender.send(syslogMessage(names, level, text)),
    close: () => sender.close(),
  };
}
