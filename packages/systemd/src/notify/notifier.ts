import type { LifecycleSubscriber } from '@gunicorn-ts/interface';
import { sendDatagram } from '@gunicorn-ts/posix';
import type { NotifyEnvironment } from './notify-environment.ts';
import {
  FIRST_REPORT,
  type Occasion,
  type ReportLimits,
  reportOn,
  type ServiceReport,
} from './service-report.ts';

/** How often a start that is not over is reported. */
const START_EVERY_MS = 5000;
/** Reports that could not be sent and wait for the next one; a systemd that has read none of so many is gone. */
const LONGEST_QUEUE = 256;

export interface NotifierOptions {
  readonly environment: NotifyEnvironment;
  /** For how many milliseconds a start may be extended beyond `TimeoutStartSec`. */
  readonly startLimitMs: number;
  /** Told once when reports do not arrive. */
  warn(text: string): void;
}

/**
 * Reports the service to systemd (`sd_notify(3)`). Lives in the arbiter, as a subscriber to its moments; never waits
 * and never throws.
 */
export function createNotifier(options: NotifierOptions): LifecycleSubscriber {
  const notifier = new Notifier(options);
  return (moment) => notifier.tell(moment);
}

class Notifier {
  readonly #options: NotifierOptions;
  readonly #limits: ReportLimits;
  readonly #start: NodeJS.Timeout;
  readonly #unsent: string[] = [];
  #report: ServiceReport = FIRST_REPORT;
  #warned = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#limits = {
      watchdogUsec: options.environment.watchdogUsec,
      startLimit: monotonicUsec() + options.startLimitMs * 1000,
    };
    // Not by ticks: there are none while the application is tried out (`preloadApp`) or a hook takes its time.
    this.#start = setInterval(() => this.tell({ moment: 'waiting' }), START_EVERY_MS).unref();
  }

  tell(occasion: Occasion): void {
    const { report, lines } = reportOn(this.#report, occasion, monotonicUsec(), this.#limits);
    this.#report = report;
    if (report.phase !== 'starting' || occasion.moment === 'stopped') clearInterval(this.#start);
    if (lines.length > 0) this.#unsent.push(lines.join('\n'));
    this.#send();
  }

  /** What does not go through now is sent before the next report: a READY=1 must not be lost. */
  #send(): void {
    const { socket } = this.#options.environment;
    this.#unsent.splice(0, this.#unsent.length - LONGEST_QUEUE);
    try {
      for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
        sendDatagram(socket, next);
        this.#unsent.shift();
      }
    } catch (error) {
      if (this.#warned) return;
      this.#warned = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.warn(`systemd is not told how the service fares (NOTIFY_SOCKET=${socket}): ${reason}`);
    }
  }
}

/** CLOCK_MONOTONIC: on Linux it is what Node's high-resolution time reads. */
function monotonicUsec(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
