import { createRequire } from 'node:module';
import type { LogFields, LogLevel } from '@gunicorn-ts/interface';
import type { pino as Pino } from 'pino';
import { escapeJsonLine, escapeMessage, markContinuedLines } from './escape.ts';
import { errorLogTime } from './local-time.ts';

/** Renders one entry of the error log, with the new line at its end. */
export type EntryFormat = (level: LogLevel, message: string, fields?: LogFields, at?: Date) => string;

/** The text of a message, in which what a client sent can look like nothing else. */
export function messageText(message: string): string {
  return markContinuedLines(escapeMessage(message));
}

/** Gunicorn's line: `[2026-11-20 21:29:06 +0000] [PID] [INFO] message`. Fields are left out. */
export const textEntry: EntryFormat = (level, message, _, at = new Date()) => {
  return `${errorLogTime(at.getTime())} [${process.pid}] [${level.toUpperCase()}] ${messageText(message)}\n`;
};

const SEVERITY: Readonly<Record<LogLevel, number>> = {
  debug: 20,
  info: 30,
  warning: 40,
  error: 50,
  critical: 60,
};

/** Members of every entry, which a field of the same name must not replace. */
const RESERVED = new Set(['level', 'severity', 'time', 'pid', 'msg']);

function withoutReserved(fields: LogFields): LogFields {
  if (!Object.keys(fields).some((key) => RESERVED.has(key))) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [RESERVED.has(key) ? `${key}_` : key, value]),
  );
}

/**
 * pino's entries: one JSON object a line with `level` (its name), `time` (ISO), `pid`, the fields, and `msg`.
 * pino takes 10 MB and 25 ms to load, so it is loaded here, by those who asked for JSON, and not on import.
 */
export function createJsonEntry(): EntryFormat {
  const pino = createRequire(import.meta.url)('pino') as typeof Pino;
  let line = '';
  let time = new Date();
  const logger = pino(
    {
      level: 'debug',
      customLevels: SEVERITY,
      useOnlyCustomLevels: true,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${time.toISOString()}"`,
      // `severity` is what Google's logging reads, in its words.
      formatters: { level: (label) => ({ level: label, severity: label.toUpperCase() }) },
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (written: string) => void (line = written) },
  );
  return (level, message, fields = {}, at = new Date()) => {
    time = at;
    try {
      logger[level](withoutReserved(fields), message);
    } catch {
      // A getter of a field threw. The message matters more.
      logger[level](message);
    }
    return escapeJsonLine(line);
  };
}
