import { resolve } from 'node:path';
import type { AccessRecord, LogEntry, OwnLogger } from '@gunicorn-ts/interface';
import { type AccessLineOptions, compileAccessLine } from '../access-line.ts';
import { EntryWriter } from '../entry-writer.ts';
import { LineFile } from '../line-file.ts';
import { LogFile } from '../log-file.ts';
import { priorityMessage } from '../syslog/message.ts';
import { SyslogSender } from '../syslog/syslog-sender.ts';
import { compileFormatter, type FormattedRecord, GENERIC, LEVEL_NUMBERS } from './formatter.ts';
import type { HandlerPlan, LoggingPlan } from './plan.ts';

/** What Gunicorn tells of a request at. */
const REQUEST_LEVEL = 'info';

/** Something that takes the lines of a handler. */
interface Sink {
  write(text: string, record: FormattedRecord): void;
  reopen(): void;
  /** Writes now what it has gathered; absent where nothing is. */
  flushStanding?(): void;
  close(): void;
}

/**
 * The server's two loggers as a logging configuration of Python has them.
 * @param folder where names of files begin
 * @throws {OperatorError} `ERR_LOG_NOT_WRITABLE`
 */
export function createConfiguredLogger(
  { error, access }: LoggingPlan,
  line: AccessLineOptions,
  folder: string,
): OwnLogger {
  const complain = (problem: string): void => {
    const entry = { name: 'gunicorn.error', level: 'warning', message: problem, at: new Date() } as const;
    process.stderr.write(`${compileFormatter(GENERIC)(entry)}\n`);
  };
  const errors = error?.handlers.map((one) => new Handler(one, openErrorSink(one, folder, complain)));
  const isRequestWanted = LEVEL_NUMBERS[access?.level ?? REQUEST_LEVEL] <= LEVEL_NUMBERS[REQUEST_LEVEL];
  const lines = access?.handlers.flatMap((one) =>
    isRequestWanted ? new Handler(one, openAccessSink(one, folder, complain)) : [],
  );
  const render = compileAccessLine(line);
  const all = [...(errors ?? []), ...(lines ?? [])];
  return {
    ...(errors !== undefined && {
      entry: ({ level, message, at }: LogEntry): void => {
        const record = { name: 'gunicorn.error', level, message, at: at ?? new Date() };
        for (const one of errors) one.write(record);
      },
    }),
    ...(lines !== undefined && {
      access: (request: AccessRecord): void => {
        if (lines.length === 0) return;
        const at = new Date();
        const message = render(request, at.getTime());
        for (const one of lines) one.write({ name: 'gunicorn.access', level: REQUEST_LEVEL, message, at });
      },
    }),
    reopen: () => all.forEach((one) => one.sink.reopen()),
    flushStanding: () => all.forEach((one) => one.sink.flushStanding?.()),
    close: () => all.forEach((one) => one.sink.close()),
  };
}

class Handler {
  readonly sink: Sink;
  readonly #level: number;
  readonly #format: (record: FormattedRecord) => string;

  constructor({ level, formatter }: HandlerPlan, sink: Sink) {
    this.sink = sink;
    this.#level = level;
    this.#format = compileFormatter(formatter);
  }

  write(record: FormattedRecord): void {
    if (LEVEL_NUMBERS[record.level] >= this.#level) this.sink.write(this.#format(record), record);
  }
}

function openErrorSink(plan: HandlerPlan, folder: string, complain: (problem: string) => void): Sink {
  if (plan.target.kind === 'syslog') return openSyslogSink(plan.target, complain);
  const [setting, path] = fileOf(plan, folder);
  const file = new LogFile(setting, path);
  const writer = new EntryWriter(file, (lost, reason) => `${lost} log entries were lost: ${reason}\n`);
  return {
    write: (text) => writer.write(`${text}\n`),
    reopen: () => {
      try {
        LogFile.release(file.reopen());
      } catch (error) {
        complain(`${(error as Error).message}. The file that was open before is kept`);
      }
    },
    close: () => {
      writer.reportLoss();
      file.close();
    },
  };
}

/** Lines of requests wait for nothing, and are gathered. */
function openAccessSink(plan: HandlerPlan, folder: string, complain: (problem: string) => void): Sink {
  if (plan.target.kind === 'syslog') return openSyslogSink(plan.target, complain);
  const [setting, path] = fileOf(plan, folder);
  const file = new LineFile(setting, path, (error) => complain(error.message));
  return {
    write: (text) => file.append(text),
    reopen: () => file.reopen(),
    flushStanding: () => file.flushStanding(),
    close: () => file.endNow(),
  };
}

function fileOf({ name, target }: HandlerPlan, folder: string): ConstructorParameters<typeof LogFile> {
  if (target.kind === 'file') return [`handler ${name}`, resolve(folder, target.path)];
  return [target.kind === 'stdout' ? 'accesslog' : 'errorlog', '-'];
}

function openSyslogSink(
  { address, facility }: Extract<HandlerPlan['target'], { kind: 'syslog' }>,
  complain: (problem: string) => void,
): Sink {
  const sender = new SyslogSender(address, complain);
  return {
    write: (text, { level }) => sender.send(priorityMessage(facility, level, text)),
    reopen: () => undefined,
    close: () => sender.close(),
  };
}
