import type { AccessRecord, ApplicationLog } from '@gunicorn-ts/interface';
import type { AccessLog } from '@gunicorn-ts/logging';

/** An access log that the application is offered first; what it does not take goes to the server's own, if there is one. */
export class SharedAccessLog implements AccessLog {
  readonly #theirs: ApplicationLog;
  readonly #own: AccessLog | undefined;

  constructor(theirs: ApplicationLog, own: AccessLog | undefined) {
    this.#theirs = theirs;
    this.#own = own;
  }

  write(record: AccessRecord): void {
    if (!this.#theirs.write(record)) this.#own?.write(record);
  }

  reopen(): void {
    this.#own?.reopen();
  }

  async close(): Promise<void> {
    await this.#own?.close();
  }
}
