import { type ArbiterControl, LOG_LEVELS, type LogLevel, type LogLine } from '@gunicorn-ts/interface';
import { okay } from '../protocol/answer.ts';
import type { Request } from '../protocol/request.ts';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';

/** What a client wants of the logs. */
export interface LogWish {
  readonly logs: { readonly error: boolean; readonly access: boolean };
  readonly least: LogLevel;
  /** Lines have this text in them. */
  readonly match: string;
  /** So many of the latest come first. */
  readonly last: number;
  readonly follows: boolean;
}

/** Reads the options of a request for the logs. Pure. @throws {CommandError} */
export function readLogWish(options: Request['options']): LogWish {
  const { log = 'both', level = 'debug', match = '', last = 0, follow = false } = options;
  if (log !== 'both' && log !== 'error' && log !== 'access')
    throw new CommandError('log must be error, access or both');
  if (typeof last !== 'number' || !Number.isSafeInteger(last) || last < 0)
    throw new CommandError('last must be a whole number');
  return {
    logs: { error: log !== 'access', access: log !== 'error' },
    least: levelOf(level),
    match: String(match),
    last,
    follows: follow === true,
  };
}

/** @throws {CommandError} */
export function levelOf(word: unknown): LogLevel {
  const level = LOG_LEVELS.find((one) => one === word || (one === 'warning' && word === 'warn'));
  if (level === undefined) throw new CommandError(`a level is one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

/** Whether a line is wanted. Pure. */
export function isWanted({ logs, least, match }: LogWish, { log, level, text }: LogLine): boolean {
  return logs[log] && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least) && text.includes(match);
}

/** Sends a client the latest lines, and those that come while it stays. One that does not read misses some. */
export async function streamLogs(
  { id }: Request,
  wish: LogWish,
  { connection, control }: { readonly connection: Connection; readonly control: ArbiterControl },
): Promise<void> {
  let skipped = 0;
  const offer = (lines: readonly LogLine[], lost: number): void => {
    const wanted = lines.filter((line) => isWanted(wish, line));
    if (wanted.length === 0 && lost === 0) return;
    const data = { lines: wanted, skipped: skipped + lost };
    if (connection.offer({ ...okay(id, data), stream: true })) skipped = 0;
    else skipped += wanted.length + lost;
  };
  // What comes while the latest are gathered comes behind them.
  let early: LogLine[] | undefined = [];
  const began = Date.now();
  const stop = !wish.follows
    ? undefined
    : control.followLogs({
        logs: wish.logs,
        onLines: (lines, lost) => (early === undefined ? offer(lines, lost) : void early.push(...lines)),
      });
  if (stop !== undefined) connection.onClose(stop);
  const remembered = wish.last === 0 ? [] : await control.recallLogs();
  const latest = remembered.filter((line) => isWanted(wish, line) && line.at < began);
  offer(latest.slice(-wish.last), 0);
  offer(early, 0);
  early = undefined;
  if (stop === undefined) connection.answer({ ...okay(id, { lines: [] }), stream: true, end: true });
}
