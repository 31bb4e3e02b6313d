import { writeSync } from 'node:fs';
import type { AccessRecord, LogEntry, OwnLogger, OwnLoggerContext } from 'gunicorn-ts';

const STDOUT = 1;

export default class JsonLogger implements OwnLogger {
  readonly #common: Readonly<Record<string, unknown>>;

  constructor({ role, settings }: OwnLoggerContext) {
    this.#common = { app: settings.app, role, pid: process.pid };
  }

  entry({ level, message, at }: LogEntry): void {
    this.#write({ at, level, message: withoutTokens(message) });
  }

  access({ method, target, status, durationMs }: AccessRecord): void {
    this.#write({ level: 'info', method, target: withoutTokens(target), status, ms: durationMs });
  }

  // One system call a line: nothing is lost when the process is killed, and a request waits for it.
  #write(line: Readonly<Record<string, unknown>>): void {
    writeSync(STDOUT, `${JSON.stringify({ at: new Date(), ...this.#common, ...line })}\n`);
  }
}

function withoutTokens(text: string): string {
  return text.replaceAll(/([?&]token=)[^&\s]*/g, '$1***');
}
