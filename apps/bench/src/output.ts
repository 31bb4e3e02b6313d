import type { Readable } from 'node:stream';

/** What a process has printed, and the means to wait for a line of it. */
export class Output {
  #text = '';
  readonly #listeners = new Set<() => void>();

  collect(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      this.#text += chunk;
      for (const listener of this.#listeners) listener();
    });
  }

  get text(): string {
    return this.#text;
  }

  /**
   * The first match in what was and will be printed. Rejects with all that was printed.
   * @param timeoutMs milliseconds
   */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`Waited ${timeoutMs} ms for ${String(pattern)}; printed was:\n${this.#text}`));
      }, timeoutMs);
      const look = (): void => {
        const match = pattern.exec(this.#text);
        if (!match) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(match);
      };
      this.#listeners.add(look);
      look();
    });
  }
}
