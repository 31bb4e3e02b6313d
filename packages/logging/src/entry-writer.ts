import { writeSync } from 'node:fs';
import { blockFor } from './blocking-wait.ts';
import { errorCode } from './errors.ts';
import type { LogFile } from './log-file.ts';

/** How long one entry waits for a pipe or terminal that takes no more, in milliseconds. */
const PATIENCE_MS = 200;

/** Writes entries synchronously and never throws. Entries that cannot be written are counted, and the count is written when it can be. */
export class EntryWriter {
  readonly #file: LogFile;
  readonly #renderLoss: (lost: number, reason: string) => string;
  #lost = 0;
  #reason = '';
  /** The last entry was cut off in its middle. */
  #torn = false;

  /** `renderLoss` makes the entry that says how many are missing. */
  constructor(file: LogFile, renderLoss: (lost: number, reason: string) => string) {
    this.#file = file;
    this.#renderLoss = renderLoss;
  }

  /** Writes one entry, with its new line. */
  write(entry: string): void {
    this.reportLoss();
    if (this.#lost > 0 || !this.#put(entry)) this.#lost++;
  }

  /** Says how many entries were lost, if any were and if it can be said now. */
  reportLoss(): void {
    if (this.#lost > 0 && this.#put(this.#renderLoss(this.#lost, this.#reason))) this.#lost = 0;
  }

  #put(text: string): boolean {
    const bytes = Buffer.from(this.#torn ? `\n${text}` : text);
    // While entries are being lost the reader is known to be stuck: waiting again for each would stop the server.
    const deadline = performance.now() + (this.#lost > 0 ? 0 : PATIENCE_MS);
    for (let offset = 0; offset < bytes.length;) {
      try {
        offset += writeSync(this.#file.fd, bytes, offset);
        this.#torn = offset < bytes.length;
      } catch (error) {
        this.#reason = errorCode(error);
        if (this.#reason !== 'EAGAIN' || performance.now() >= deadline) return false;
        blockFor(1);
      }
    }
    return true;
  }
}
