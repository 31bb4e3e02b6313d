import type { LogLevel } from '@gunicorn-ts/interface';
import type { MeterWitness } from '../worker-meter.ts';
import { counter, timer } from './datagram.ts';
import type { StatsdSender } from './statsd-sender.ts';

/** Entries of the error log that Gunicorn counts. */
const COUNTED: ReadonlySet<LogLevel> = new Set<LogLevel>(['warning', 'error', 'critical']);

/** Sends what Gunicorn sends of each request, in its order, and of entries in the error log. */
export class WorkerStatsd implements MeterWitness {
  readonly #sender: StatsdSender;

  constructor(sender: StatsdSender) {
    this.#sender = sender;
  }

  requestEnded(status: number, durationMs: number): void {
    this.#sender.send(timer('gunicorn.request.duration', durationMs));
    this.#sender.send(counter('gunicorn.requests', 1));
    this.#sender.send(counter(`gunicorn.request.status.${status}`, 1));
  }

  logged(level: LogLevel): void {
    if (COUNTED.has(level)) this.#sender.send(counter(`gunicorn.log.${level}`, 1));
  }
}
