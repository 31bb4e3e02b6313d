import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  AccessRecord,
  ApplicationLog,
  ErrorLogOutlet,
  LogEntry,
  LogLevel,
  OwnLogger,
  OwnLoggerClass,
  OwnLoggerContext,
  Settings,
} from '@gunicorn-ts/interface';
import {
  createConfiguredLogger,
  type LoggingConfigSettings,
  type LoggingPlan,
  readLoggingConfig,
} from '@gunicorn-ts/logging';
import { accessLogOptions } from './access-outlet.ts';
import { loggerUnusable } from './errors.ts';
import { userStack } from './failure.ts';
import { importUserModule } from './import-module.ts';

/** Whether `loggerClass` names a module of JavaScript or TypeScript; else it is a class of Python. */
export function isLoggerModule(loggerClass: string | undefined): loggerClass is string {
  return loggerClass !== undefined && /^(?:\.{0,2}\/|file:)|\.[cm]?[jt]s$/.test(loggerClass);
}

/**
 * Makes the logger that `loggerClass` names, or else that a configuration of Python's `logging` describes, in this process.
 * @param plan what that configuration says, where it has been read already
 * @throws {OperatorError} `ERR_LOGGER_CLASS`, `ERR_LOG_CONFIG`, `ERR_LOG_NOT_WRITABLE`
 */
export async function openOwnLogger(
  settings: Readonly<Settings & LoggingConfigSettings>,
  role: OwnLoggerContext['role'],
  plan?: LoggingPlan,
): Promise<OwnLoggerOutlet | undefined> {
  const { loggerClass, chdir } = settings;
  if (!isLoggerModule(loggerClass))
    return openConfiguredLogger(settings, plan ?? readLoggingConfig(settings));
  const url = loggerClass.startsWith('file:') ? loggerClass : pathToFileURL(resolve(chdir, loggerClass)).href;
  try {
    const { default: made } = await importUserModule(url);
    if (typeof made !== 'function') throw new TypeError('it has no class as its default export');
    return new OwnLoggerOutlet(new (made as OwnLoggerClass)({ settings, role }), settings.loglevel);
  } catch (error) {
    throw loggerUnusable(loggerClass, error);
  }
}

function openConfiguredLogger(
  settings: Readonly<Settings>,
  plan: LoggingPlan | undefined,
): OwnLoggerOutlet | undefined {
  if (plan?.error === undefined && plan?.access === undefined) return undefined;
  const logger = createConfiguredLogger(plan, accessLogOptions(settings), settings.chdir);
  return new OwnLoggerOutlet(logger, plan.error?.level ?? settings.loglevel);
}

/** Hands a logger of somebody else's what is logged, and takes back what it does not want or cannot do. */
export class OwnLoggerOutlet implements ErrorLogOutlet, ApplicationLog {
  readonly #logger: OwnLogger;
  readonly #broken: Set<keyof OwnLogger> = new Set();
  #level: LogLevel;
  #isClosed = false;
  #giveBack: (entry: LogEntry) => void = () => undefined;

  constructor(logger: OwnLogger, level: LogLevel) {
    this.#logger = logger;
    this.#level = level;
  }

  get level(): LogLevel | undefined {
    return this.#has('entry') ? this.#level : undefined;
  }

  /** Whether it wants records of the access log. */
  get takesRecords(): boolean {
    return this.#has('access');
  }

  setLevel(level: LogLevel): void {
    this.#level = level;
  }

  begin(giveBack: (entry: LogEntry) => void): void {
    this.#giveBack = giveBack;
  }

  take(entry: LogEntry): boolean {
    return this.#try('entry', () => this.#logger.entry?.(entry));
  }

  write(record: AccessRecord): boolean {
    return this.#try('access', () => this.#logger.access?.(record));
  }

  reopen(): void {
    this.#try('reopen', () => this.#logger.reopen?.());
  }

  flushStanding(): void {
    this.#try('flushStanding', () => this.#logger.flushStanding?.());
  }

  /** Called once for the process, and once for its load: whichever comes first closes. */
  settle(): void {
    this.#try('close', () => this.#logger.close?.());
    this.#isClosed = true;
  }

  #has(method: keyof OwnLogger): boolean {
    return !this.#isClosed && typeof this.#logger[method] === 'function' && !this.#broken.has(method);
  }

  #try(method: keyof OwnLogger, call: () => unknown): boolean {
    if (!this.#has(method)) return false;
    try {
      const made = call();
      // A rejection that nobody hears would end the process.
      if (made instanceof Promise) made.catch((error: unknown) => this.#broke(method, error));
      return true;
    } catch (error) {
      this.#broke(method, error);
      return false;
    }
  }

  #broke(method: keyof OwnLogger, error: unknown): void {
    // Several promises of one method may be under way.
    if (this.#broken.has(method)) return;
    this.#broken.add(method);
    const message = `loggerClass: ${method}() threw, and is not called any more: ${userStack(error)}`;
    this.#giveBack({ level: 'error', message, at: new Date() });
  }
}
