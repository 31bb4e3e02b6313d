import type { Parts } from './boot.ts';
import { userStack } from './failure.ts';

/** What a request counts as to which nothing was sent when the worker left, and when the application ended the process. */
const LEFT = 503;
const EXITED = 500;
/** And when the worker hangs and is about to be killed, as the client of a worker with one request is told. */
const HUNG = 504;

/** Says what will not be finished, in the access log too: nobody does once the process is gone. */
export class CutOff {
  readonly #parts: Parts;
  #recorded = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The worker leaves. After a drain nothing is left. */
  left(): void {
    this.#record(LEFT);
  }

  /**
   * The worker hangs, and is killed in a moment. Called in the midst of whatever it hangs in: lines are written at once,
   * since nothing runs any more.
   */
  hung(): void {
    this.#record(HUNG);
    this.#parts.accessLog?.flushStanding();
  }

  /** The application ended the process. */
  exited(call: string, stage: string): void {
    const { log, worker } = this.#parts;
    const inFlight = `${worker?.inFlight().length ?? 0} requests in flight`;
    log?.error(`The application called ${call} while ${stage}, with ${inFlight} (pid: ${process.pid})`);
    this.#record(EXITED);
  }

  #record(status: number): void {
    const { accessLog, log, worker } = this.#parts;
    if (this.#recorded || accessLog === undefined) return;
    this.#recorded = true;
    try {
      for (const record of worker?.cutOff?.(status) ?? []) accessLog.write(record);
    } catch (error) {
      log?.error(`The worker class could not say what was cut off: ${userStack(error)}`);
    }
  }
}
