import {
  type BootMessage,
  type Logger,
  type LogLevel,
  WORKER_MEMORY_BYTES,
  type WorkerClass,
} from '@gunicorn-ts/interface';
import { StatsdSender, WorkerMemory, WorkerMeter, WorkerStatsd } from '@gunicorn-ts/metrics';
import { beatInterval } from './heartbeat.ts';

/** What this worker counts, and who hears of it. */
export class Metering {
  readonly meter: WorkerMeter;
  readonly #memory: WorkerMemory | undefined;
  readonly #wantsStatsd: boolean;
  readonly #message: BootMessage;
  /** What the loop was busy with before it served. */
  #bootMs: number | undefined;

  private constructor(message: BootMessage) {
    const { metrics, statsdHost, statsdMode } = message.settings;
    this.#message = message;
    this.#memory = metrics ? new WorkerMemory(message.heartbeatFd) : undefined;
    this.meter = this.#memory?.meter ?? new WorkerMeter(new ArrayBuffer(WORKER_MEMORY_BYTES));
    this.#wantsStatsd = statsdHost !== undefined && (statsdMode === 'exact' || !metrics);
  }

  /** `undefined` when nobody wants to know: an application that is only tried out serves nobody. */
  static open(message: BootMessage): Metering | undefined {
    const { metrics, statsdHost } = message.settings;
    return message.mode === 'serve' && (metrics || statsdHost !== undefined)
      ? new Metering(message)
      : undefined;
  }

  /** An entry of the error log. */
  readonly logged = (level: LogLevel): void => this.meter.logged(level);

  /** Datagrams are sent from now on. */
  begin(log: Logger): void {
    const { statsdHost } = this.#message.settings;
    if (!this.#wantsStatsd || statsdHost === undefined) return;
    const { settings } = this.#message;
    const sender = new StatsdSender(statsdHost, { settings, warn: (text) => log.warning(text) });
    this.meter.witness = new WorkerStatsd(sender);
  }

  /** Of a worker that serves many at a time, what its event loop does is told with each beat. */
  follow({ serves }: WorkerClass): void {
    const isLoopBusy = serves.concurrency === 'many';
    setInterval(() => this.#publish(isLoopBusy), beatInterval(this.#message.settings.timeout)).unref();
    process.once('exit', () => this.#publish(isLoopBusy));
  }

  #publish(isLoopBusy: boolean): void {
    if (isLoopBusy) {
      const { active } = performance.eventLoopUtilization();
      this.#bootMs ??= active;
      this.meter.followLoop(active - this.#bootMs);
    }
    this.#memory?.publish();
  }
}
