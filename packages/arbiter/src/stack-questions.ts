import type { Autopsy } from '@gunicorn-ts/interface';

/** A main thread in native code is waited for by the watchdog for 5 s. */
const PATIENCE_MS = 7000;

interface Waiting {
  readonly age: number;
  settle(autopsy: Autopsy | undefined): void;
}

/** Questions to watchdog threads that wait for their answers. */
export class StackQuestions {
  readonly #waiting: Map<number, Waiting> = new Map();
  #last = 0;

  /** Rejects when there is no answer in time. */
  ask(age: number, send: (asked: number) => void): Promise<Autopsy> {
    const asked = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(undefined), PATIENCE_MS).unref();
      const settle = (autopsy: Autopsy | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(asked);
        if (autopsy === undefined) reject(new Error(`it did not answer within ${PATIENCE_MS / 1000} s`));
        else resolve(autopsy);
      };
      this.#waiting.set(asked, { age, settle });
      send(asked);
    });
  }

  /** A worker may write any number: only an answer of the worker that was asked counts. */
  answer(age: number, asked: number, autopsy: Autopsy): void {
    const waiting = this.#waiting.get(asked);
    if (waiting?.age === age) waiting.settle(autopsy);
  }
}
