import type * as AdminPackage from '@gunicorn-ts/admin';
import {
  type ArbiterView,
  describeThrown,
  type LifecycleMoment,
  type LogLevel,
  type Settings,
} from '@gunicorn-ts/interface';
import type * as MetricsPackage from '@gunicorn-ts/metrics';

const STATSD_KEYS = [
  'statsdHost',
  'statsdPrefix',
  'dogstatsdTags',
  'statsdMode',
  'enableBacklogMetric',
] as const;

/** Loaded when something is to be shown. */
interface Packages {
  readonly admin: typeof AdminPackage;
  readonly metrics: typeof MetricsPackage;
}

interface Statsd {
  readonly settings: Readonly<Settings>;
  readonly reporter: MetricsPackage.ArbiterStatsd;
}

/**
 * Shows the outside how the server fares: the admin listener, and statsd. What is not set is not loaded. Lives beside the
 * arbiter, as a subscriber to its moments.
 */
export class Operations {
  readonly #settings: Readonly<Settings>;
  #packages: Packages | undefined;
  /** For whoever asks over the control socket, where nothing else is to be shown. */
  #metrics: typeof MetricsPackage | undefined;
  /** Bound before the arbiter begins, so that an address which cannot be had ends the start. */
  #sockets: AdminPackage.AdminSockets | undefined;
  #view: ArbiterView | undefined;
  #recorder: MetricsPackage.Recorder | undefined;
  #admin: AdminPackage.Admin | undefined;
  #statsd: Statsd | undefined;
  /** Another arbiter, of an upgrade, has the address of the admin listener. */
  #isSecond: boolean;

  private constructor(settings: Readonly<Settings>, isSecond: boolean) {
    this.#settings = settings;
    this.#isSecond = isSecond;
  }

  /**
   * @param isSecond another arbiter, of an upgrade, serves already
   * @throws {OperatorError} `ERR_ADMIN_BIND`
   */
  static async open(settings: Readonly<Settings>, isSecond: boolean): Promise<Operations> {
    const operations = new Operations(settings, isSecond);
    const { adminBind } = settings;
    if (!settings.controlSocketDisable) operations.#metrics = await import('@gunicorn-ts/metrics');
    if (!isWanted(settings)) return operations;
    const { admin } = await operations.#load();
    if (adminBind !== undefined && !isSecond) operations.#sockets = await admin.bindAdmin(adminBind);
    return operations;
  }

  /** What follows the arbiter, once that has started; `undefined` when nobody looks. */
  readonly recorder = (): MetricsPackage.Recorder | undefined => this.#recorder;

  readonly tell = (moment: LifecycleMoment): void => {
    if (moment.moment === 'starting') this.#begin(moment.arbiter);
    this.#recorder?.tell(moment);
    this.#admin?.tell(moment);
    this.#statsd?.reporter.tell(moment);
    if (moment.moment === 'promoted') this.#isSecond = false;
    const mayDiffer =
      moment.moment === 'reloaded' ? moment.error === undefined : moment.moment === 'promoted';
    if (mayDiffer) void this.#follow();
    if (moment.moment === 'stopped') this.close();
  };

  /** An entry of the arbiter's error log. */
  readonly logged = (level: LogLevel): void => {
    this.#recorder?.logged(level);
    this.#statsd?.reporter.logged(level);
  };

  close(): void {
    this.#sockets?.close();
    this.#sockets = undefined;
    this.#admin?.close();
    this.#statsd?.reporter.close();
    this.#statsd = undefined;
  }

  async #load(): Promise<Packages> {
    const [admin, metrics] = await Promise.all([
      import('@gunicorn-ts/admin'),
      import('@gunicorn-ts/metrics'),
    ]);
    return (this.#packages = { admin, metrics });
  }

  #begin(view: ArbiterView): void {
    this.#view = view;
    const { adminBind } = this.#settings;
    if (this.#metrics !== undefined) this.#record(view, { metrics: this.#metrics });
    if (this.#packages === undefined) return;
    const recorder = this.#record(view, this.#packages);
    const sockets = this.#sockets;
    this.#sockets = undefined;
    if (adminBind !== undefined && sockets !== undefined)
      this.#adminOf(view, recorder, this.#packages).take(adminBind, sockets);
    this.#followStatsd(view, recorder, this.#packages);
  }

  #record(view: ArbiterView, { metrics }: Pick<Packages, 'metrics'>): MetricsPackage.Recorder {
    return (this.#recorder ??= new metrics.Recorder(view));
  }

  #adminOf(view: ArbiterView, recorder: MetricsPackage.Recorder, { admin }: Packages): AdminPackage.Admin {
    return (this.#admin ??= new admin.Admin({
      recorder,
      settings: () => view.settings,
      log: () => view.log,
    }));
  }

  /** New settings are in force. What is wrong with them now is logged, and what there was stays. */
  async #follow(): Promise<void> {
    const view = this.#view;
    if (view === undefined) return;
    const { adminBind } = view.settings;
    try {
      if (!isWanted(view.settings)) return this.close();
      const packages = this.#packages ?? (await this.#load());
      const recorder = this.#record(view, packages);
      this.#followStatsd(view, recorder, packages);
      if (adminBind === undefined) this.#admin?.close();
      else if (!this.#isSecond) await this.#adminOf(view, recorder, packages).listen(adminBind);
    } catch (error) {
      view.log.error(describeThrown(error));
    }
  }

  #followStatsd(view: ArbiterView, recorder: MetricsPackage.Recorder, { metrics }: Packages): void {
    const { settings } = view;
    const before = this.#statsd?.settings;
    if (STATSD_KEYS.every((key) => before?.[key] === settings[key])) return;
    this.#statsd?.reporter.close();
    this.#statsd = undefined;
    const { statsdHost } = settings;
    if (statsdHost === undefined) return;
    const sender = new metrics.StatsdSender(statsdHost, { settings, warn: (text) => view.log.warning(text) });
    this.#statsd = { settings, reporter: new metrics.ArbiterStatsd({ sender, recorder, settings }) };
  }
}

function isWanted({ adminBind, statsdHost }: Readonly<Settings>): boolean {
  return adminBind !== undefined || statsdHost !== undefined;
}
