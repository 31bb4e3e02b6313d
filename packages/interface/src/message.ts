import type { ListenAddress } from './listener.ts';
import { LOG_LEVELS, type LogLevel, type LogLine } from './logger.ts';
import type { Settings } from './settings.ts';

/** Both sides refuse another version: arbiter and worker host come from one installation, or do not talk. */
export const MESSAGE_VERSION = 1;

/** A listener as the worker finds it: the number of the inherited descriptor. */
export interface InheritedListener {
  readonly fd: number;
  readonly address: ListenAddress;
  readonly url: string;
}

/** First message to a worker process: all it needs to boot. */
export interface BootMessage {
  readonly type: 'boot';
  readonly version: typeof MESSAGE_VERSION;
  /** `serve`, or `check`: load the application, say `ready`, exit. */
  readonly mode: 'serve' | 'check';
  /** Counts spawned workers, from 1; 0 in mode `check`. */
  readonly age: number;
  /** The worker's number among all, from 1; 0 in mode `check`. */
  readonly slot: number;
  /** Counts loads of the settings, from 1; 0 in mode `check`. */
  readonly generation: number;
  /** Settings as data; functions are loaded from `configFile`. */
  readonly settings: Readonly<Settings>;
  /** `file:` URL of the module whose default export is the worker class. */
  readonly workerModule: string;
  /** `file:` URLs of modules that export a `loader`, asked after the one for JavaScript. */
  readonly loaderModules: readonly string[];
  /** Set when the file defines a hook of the worker's side, so that it need not be loaded otherwise. */
  readonly configFile: string | undefined;
  /**
   * What the loader of the application prepared for all workers: its name, how they find it, and the least severe level
   * of entries of the error log that it wants.
   */
  readonly prepared:
    | { readonly loader: string; readonly address: string; readonly entries: LogLevel | undefined }
    | undefined;
  readonly listeners: readonly InheritedListener[];
  /** Descriptor of the heartbeat file. */
  readonly heartbeatFd: number;
  /** Write end of the "last words" pipe; the autopsy goes there as one line of JSON. */
  readonly lastWordsFd: number;
  /** Numeric ids to become; `undefined` keeps the arbiter's. */
  readonly identity: WorkerIdentity | undefined;
  /** Report the files that were loaded, for `reload`. */
  readonly reportFiles: boolean;
}

/** Who a worker runs as, resolved to numbers by the arbiter. */
export interface WorkerIdentity {
  readonly uid: number;
  readonly gid: number;
  /** Name of the user, when its supplementary groups are wanted (`initgroups`). */
  readonly initgroupsUser: string | undefined;
}

/** Why a worker asks to be replaced while it goes on serving. */
export type RecycleReason = 'max-requests' | 'lifetime' | 'memory';

/**
 * Answers `listen`. The socket comes along as a handle, unless there is a `failure`, or the worker is to listen
 * `alone`: with its own rights, which may be fewer than the arbiter's.
 */
export interface ListenerMessage {
  readonly type: 'listener';
  readonly version: typeof MESSAGE_VERSION;
  readonly id: number;
  readonly alone: boolean;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}

/** Which logs somebody follows. */
export interface FollowedLogs {
  readonly error: boolean;
  readonly access: boolean;
}

/** What a worker is to do about its logs. */
export interface LogsMessage {
  readonly type: 'logs';
  readonly version: typeof MESSAGE_VERSION;
  /** Lines that the arbiter is sent from now on. */
  readonly follow?: FollowedLogs | undefined;
  /** The latest entries of the error log are wanted, in an answer of this number. */
  readonly recall?: number | undefined;
  /** The least severe level that is written from now on. */
  readonly level?: LogLevel | undefined;
}

/** What an arbiter sends to a worker; the rest are signals. */
export type ArbiterMessage = BootMessage | ListenerMessage | LogsMessage;

/** Where an application listens beside the listeners of the arbiter. */
export type FurtherAddress =
  | {
      readonly kind: 'tcp';
      /** Numeric; empty for every address of both families. */
      readonly host: string;
      readonly port: number;
    }
  | { readonly kind: 'unix'; readonly path: string };

/** What a worker tells its arbiter. */
export type WorkerMessage =
  /**
   * Connections are being taken. In mode `check`: the application was loaded. `applicationPids`: the processes that the
   * application runs in for this worker, when they are others.
   */
  | {
      readonly type: 'ready';
      readonly version: typeof MESSAGE_VERSION;
      readonly applicationPids?: readonly number[] | undefined;
    }
  /**
   * The application runs in these processes now: one of several was replaced, or one stands still, or goes on.
   * `silentMs`: for how long the one has not turned that has not done so the longest; absent when all do.
   */
  | {
      readonly type: 'application';
      readonly version: typeof MESSAGE_VERSION;
      readonly applicationPids: readonly number[];
      readonly silentMs?: number | undefined;
    }
  /** The worker could not boot and is about to exit with `exitCode`. `detail` is a stack or traceback. */
  | {
      readonly type: 'boot-failed';
      readonly version: typeof MESSAGE_VERSION;
      readonly exitCode: number;
      readonly message: string;
      readonly detail?: string;
    }
  /** Please replace me; I go on serving until TERM. */
  | {
      readonly type: 'recycle';
      readonly version: typeof MESSAGE_VERSION;
      readonly reason: RecycleReason;
      /** For the log: `1000 requests`, `612 MB resident`. */
      readonly detail: string;
    }
  /** The worker takes nothing new; sent on TERM, also when it came from somebody else than the arbiter. */
  | {
      readonly type: 'draining';
      readonly version: typeof MESSAGE_VERSION;
      /** Why it leaves by itself, for people. */
      readonly reason?: string | undefined;
    }
  /** The application listens at a further address; its socket is to be the same in all workers. */
  | {
      readonly type: 'listen';
      readonly version: typeof MESSAGE_VERSION;
      /** Comes back in the answer. */
      readonly id: number;
      readonly address: FurtherAddress;
    }
  /** Lines of the logs, because somebody follows them, or has asked for the latest. */
  | {
      readonly type: 'log-lines';
      readonly version: typeof MESSAGE_VERSION;
      readonly lines: readonly LogLine[];
      /** So many came too fast to be sent. */
      readonly lost: number;
      /** The number of the question. */
      readonly recalled?: number | undefined;
    }
  /** Files that were loaded so far, absolute; only when `reportFiles` was set. Sent at boot, also when it failed. */
  | { readonly type: 'files'; readonly version: typeof MESSAGE_VERSION; readonly files: readonly string[] };

type Is = (value: unknown) => boolean;
type Shape = Record<string, Is>;

const optional =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);

const isString = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isString);
/** Of a failure: 0 would call it none, and a process takes no others. */
const isFailureCode = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 255;
const isProcessId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 1;
const areProcessIds = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MOST_PROCESSES && value.every(isProcessId);
const isLogLevel = (value: unknown): boolean => (LOG_LEVELS as readonly unknown[]).includes(value);
/** A figure for the log. */
const isShort = (value: unknown): boolean => typeof value === 'string' && value.length <= 200;
/** PATH_MAX, and what Node's file functions take without an exception. */
const isPath = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('/') && value.length < 4096 && !value.includes('\0');

/** In one message. */
const MOST_LINES = 1000;
/** Behind one worker: of the 1024 that a loader may have each one, and the one that takes its place. */
const MOST_PROCESSES = 2048;

function isLogLine(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { log, level, pid, at, text } = value as Record<string, unknown>;
  const isKnown = (log === 'error' || log === 'access') && isLogLevel(level);
  return isKnown && isNumber(pid) && isNumber(at) && typeof text === 'string';
}

function isFurtherAddress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, path, host, port } = value as Record<string, unknown>;
  if (kind === 'unix') return isShort(path) && path !== '' && !String(path).includes('\0');
  const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536;
  return kind === 'tcp' && isShort(host) && isPort;
}

const WORKER_MESSAGE_SHAPES: Record<WorkerMessage['type'], Shape> = {
  ready: { applicationPids: optional(areProcessIds) },
  application: {
    applicationPids: areProcessIds,
    silentMs: optional((value) => isNumber(value) && (value as number) >= 0),
  },
  'boot-failed': { exitCode: isFailureCode, message: isString, detail: optional(isString) },
  recycle: {
    reason: (value) => value === 'max-requests' || value === 'lifetime' || value === 'memory',
    detail: isShort,
  },
  draining: { reason: optional(isShort) },
  listen: { id: isNumber, address: isFurtherAddress },
  'log-lines': {
    lines: (value) => Array.isArray(value) && value.length <= MOST_LINES && value.every(isLogLine),
    lost: isNumber,
    recalled: optional(isNumber),
  },
  files: { files: (value) => Array.isArray(value) && value.every(isPath) },
};

/**
 * Reads a message from a worker. `undefined` for anything that is not one of ours in this version: an
 * application may use `process.send` for its own ends, and must not be able to confuse the arbiter.
 */
export function parseWorkerMessage(value: unknown): WorkerMessage | undefined {
  return parseMessage(value, WORKER_MESSAGE_SHAPES) as WorkerMessage | undefined;
}

/** Reads a message of the arbiter. `undefined` when it is something else. */
export function parseArbiterMessage(value: unknown): ArbiterMessage | undefined {
  const shapes: Record<ArbiterMessage['type'], Shape> = {
    boot: {
      mode: (mode) => mode === 'serve' || mode === 'check',
      settings: (settings) => typeof settings === 'object' && settings !== null,
      workerModule: isString,
      loaderModules: isStrings,
      listeners: Array.isArray,
      heartbeatFd: isNumber,
      lastWordsFd: isNumber,
    },
    listener: { id: isNumber, alone: (value) => typeof value === 'boolean' },
    logs: { level: optional(isLogLevel) },
  };
  return parseMessage(value, shapes) as ArbiterMessage | undefined;
}

function parseMessage(value: unknown, shapes: Record<string, Shape>): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  if (message['version'] !== MESSAGE_VERSION || typeof message['type'] !== 'string') return undefined;
  const shape = Object.hasOwn(shapes, message['type']) ? shapes[message['type']] : undefined;
  if (shape === undefined) return undefined;
  const fits = Object.entries(shape).every(([key, check]) => check(message[key]));
  return fits ? message : undefined;
}
