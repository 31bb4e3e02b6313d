import {
  type ArbiterMessage,
  type FollowedLogs,
  type LogFollower,
  type LogLevel,
  type LogLine,
  MESSAGE_VERSION,
  type Settings,
  type WorkerMessage,
} from '@gunicorn-ts/interface';
import type { LedLog } from '@gunicorn-ts/logging';
import type { ArbiterOptions } from './arbiter-options.ts';

/** What the error log is opened with; its level can change while it is open. */
const OPENED_WITH = [
  'errorlog',
  'logFormat',
  'syslog',
  'syslogAddr',
  'syslogPrefix',
  'syslogFacility',
  'procName',
  'app',
] as const;

/** How long is waited for workers to say what they remember, in milliseconds. */
const RECALL_MS = 500;

type Lines = Extract<WorkerMessage, { type: 'log-lines' }>;
type Orders = Omit<Extract<ArbiterMessage, { type: 'logs' }>, 'type' | 'version'>;

/** How the hub speaks to workers. */
export interface LogWorkers {
  /** Ages of those that can be spoken to. */
  ages(): readonly number[];
  send(age: number, message: ArbiterMessage): void;
}

interface Recalling {
  readonly lines: LogLine[];
  readonly missing: Set<number>;
  readonly finish: () => void;
}

/** What all processes of the server log: who follows it, and the level that is in force. Lives in the arbiter. */
export class LogHub {
  readonly #log: LedLog;
  readonly #followers: Set<LogFollower> = new Set();
  readonly #recalling: Map<number, Recalling> = new Map();
  #workers: LogWorkers | undefined;
  #lastRecall = 0;
  /** That an operator has asked for, in place of that of the settings. */
  #asked: LogLevel | undefined;

  constructor(log: LedLog) {
    this.#log = log;
  }

  join(workers: LogWorkers): void {
    this.#workers = workers;
  }

  /** Settings with the level that an operator has asked for: a worker that is started later has it too. */
  inForce(settings: Readonly<Settings>): Readonly<Settings> {
    return this.#asked === undefined ? settings : { ...settings, loglevel: this.#asked };
  }

  setLevel(level: LogLevel): void {
    this.#asked = level;
    this.#log.setLevel(level);
    this.#tellAll({ level });
  }

  /** New settings are in force, and their level with them. */
  adopt(before: Readonly<Settings>, settings: Readonly<Settings>, open: ArbiterOptions['openLog']): void {
    // A worker of these settings may have been started before they were in force.
    if (this.#asked !== undefined) this.#tellAll({ level: settings.loglevel });
    this.#asked = undefined;
    if (OPENED_WITH.every((key) => before[key] === settings[key])) this.#log.reopen();
    else this.#log.replace(open(settings));
    this.#log.setLevel(settings.loglevel);
  }

  /** That is in force. */
  level({ loglevel }: Pick<Settings, 'loglevel'>): LogLevel {
    return this.#asked ?? loglevel;
  }

  /** A worker was started. */
  started(age: number): void {
    if (this.#followers.size > 0) this.#tell(age, { follow: this.#wanted() });
  }

  /** What a worker says. */
  heard(age: number, { lines, lost, recalled }: Lines): void {
    if (recalled === undefined) return this.#spread(lines, lost);
    const recalling = this.#recalling.get(recalled);
    if (recalling?.missing.delete(age) !== true) return undefined;
    recalling.lines.push(...lines);
    if (recalling.missing.size === 0) recalling.finish();
    return undefined;
  }

  /** See `ArbiterControl.followLogs`. */
  followLogs(follower: LogFollower): () => void {
    this.#followers.add(follower);
    this.#followersChanged();
    return () => {
      if (this.#followers.delete(follower)) this.#followersChanged();
    };
  }

  /** See `ArbiterControl.recallLogs`. */
  recallLogs(): Promise<readonly LogLine[]> {
    const ages = this.#workers?.ages() ?? [];
    const number = ++this.#lastRecall;
    const lines = [...this.#log.recall.lines()];
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#recalling.delete(number);
        resolve(lines.toSorted((one, other) => one.at - other.at));
      };
      // A worker that is blocked answers later than anybody would wait.
      const timer = setTimeout(finish, RECALL_MS);
      this.#recalling.set(number, { lines, missing: new Set(ages), finish });
      if (ages.length === 0) finish();
      for (const age of ages) this.#tell(age, { recall: number });
    });
  }

  #followersChanged(): void {
    const wanted = this.#wanted();
    this.#log.recall.follow(wanted.error ? (line) => this.#spread([line], 0) : undefined);
    this.#tellAll({ follow: wanted });
  }

  #wanted(): FollowedLogs {
    const all = [...this.#followers].map(({ logs }) => logs);
    return { error: all.some(({ error }) => error), access: all.some(({ access }) => access) };
  }

  #spread(lines: readonly LogLine[], lost: number): void {
    for (const follower of this.#followers) {
      const wanted = lines.filter(({ log }) => follower.logs[log]);
      if (wanted.length > 0 || lost > 0) follower.onLines(wanted, lost);
    }
  }

  #tellAll(orders: Orders): void {
    for (const age of this.#workers?.ages() ?? []) this.#tell(age, orders);
  }

  #tell(age: number, orders: Orders): void {
    this.#workers?.send(age, { ...orders, type: 'logs', version: MESSAGE_VERSION });
  }
}
