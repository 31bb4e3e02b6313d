import type { Application, ApplicationKind } from './application.ts';
import type { Listener } from './listener.ts';
import type { Logger } from './logger.ts';
import type { Meter } from './meter.ts';
import type { Problem } from './problem.ts';
import type { AccessRecord, RequestSummary } from './request.ts';
import type { SettingDefinition } from './setting.ts';
import type { SettingKey, Settings } from './settings.ts';
import type { HookName, Hooks, WorkerFacade } from './hooks.ts';
import type { TlsMaterial } from './tls-material.ts';

/**
 * What a worker package exports as its default: how connections are taken and served.
 * `check` runs in the arbiter; `start` runs in the worker process.
 */
export interface WorkerClass {
  /** `event`. Shown in the log and accepted by `workerClass`. */
  readonly name: string;
  /** The version of this contract that the package was written for. Another one is refused at start. */
  readonly interfaceVersion: 1;
  /** Settings that this worker class brings: flags and keys of `gunicorn.conf.ts`. */
  readonly settings?: readonly SettingDefinition[];
  readonly serves: {
    /** Kinds it can serve. Others are refused before `start`, with exit code 4. */
    readonly kinds: readonly ApplicationKind[];
    readonly concurrency: 'one' | 'many';
    readonly keepAlive: boolean;
    readonly tls: boolean;
    /** Whether `h2` may stand in `httpProtocols`. Default: false. */
    readonly http2?: boolean;
  };
  /**
   * Settings and hooks that it leaves without effect, as `requestTimeout`, `limitRequestBody` or `preRequest` are when it
   * does not act on them itself. One that is given all the same is warned of at every load. `keepalive` counts as one
   * of them where `serves.keepAlive` is false. Default: none.
   */
  readonly ignores?: readonly (SettingKey | HookName)[];
  /**
   * Nothing of it keeps the thread for longer than a moment but the application, and the hooks. In front of one that runs
   * in another process and is watched (`ApplicationProcess.isWatched`) it then needs no thread that watches this one.
   * Default: false.
   */
  readonly neverBlocks?: boolean;
  /** Refuses settings that it cannot honour. Called in the arbiter at every load; must not do I/O. */
  check?(settings: Readonly<Settings>): readonly Problem[];
  /**
   * Called once in the worker process, after privileges were dropped and the application was loaded.
   * Resolves when connections are being taken: the arbiter then counts the worker as ready, and may
   * drain another one. Rejecting ends the worker with exit code 3.
   */
  start(context: WorkerContext): Promise<Worker>;
}

/** A running worker, in the worker process. */
export interface Worker {
  /**
   * Take nothing new, finish what is in flight, lose nothing. Called once, on TERM. When the returned
   * promise resolves the process exits 0; at `deadlineMs` (milliseconds from now) it exits all the same,
   * and what is still in flight is lost and said so in the log.
   */
  drain(deadlineMs: number): Promise<void>;
  /**
   * Take no connection any more, not even those that wait in the kernel's queue: the application is gone, and another
   * worker can serve them. `drain` follows. Without it a worker may take what `drain` lets it.
   */
  stopTaking?(): void;
  /**
   * Access records of the requests that are lost because the process ends at once: the application called
   * `process.exit`, or the server was told to leave without a drain. Called at most once, when nothing asynchronous may
   * run any more. Without it they are missing in the access log.
   * @param status what those count as to which nothing was sent
   */
  cutOff?(status: number): readonly AccessRecord[];
  /** What is being served now. Called by the autopsy while the main thread is stopped: must not wait. */
  inFlight(): readonly RequestSummary[];
}

/** All that a worker may touch. Lives in the worker process. */
export interface WorkerContext {
  readonly listeners: readonly Listener[];
  readonly settings: Readonly<Settings>;
  readonly application: Application;
  readonly log: Logger;
  /** Hooks of the worker side; `preRequest`, `postRequest` and `sslContext` are the worker class's to call. */
  readonly hooks: Hooks;
  /** What `preRequest` and `postRequest` are given as their worker. */
  readonly facade: WorkerFacade;
  /** Present when `certfile` is set, or the application opened a TLS server: serve TLS. */
  readonly tls?: TlsMaterial;
  /**
   * "I am alive". The host calls it once a second from the event loop, so a worker class that leaves the
   * loop running need not; one that blocks the loop must, at least once per `timeout`, or the arbiter
   * kills the process and prints its autopsy.
   */
  notify(): void;
  /**
   * One cell of shared memory, for a worker class that serves one request at a time: the descriptor of the
   * connection whose response has not begun, -1 when there is none. When this thread hangs, the watchdog takes
   * the descriptor out, leaves -1, and answers 504 there; the worker class takes it out itself, with
   * `Atomics.exchange`, before it writes. Absent without a watchdog.
   */
  readonly currentConnection?: Int32Array;
  /**
   * Shared memory where the worker class writes, before it offers a connection in {@link currentConnection}, what the
   * access log says of the request there: the watchdog that answers it writes its line, and the worker class does not.
   * Four bytes, little-endian, for the length of a latin-1 text of lines: milliseconds since 1970 when the request
   * began, peer address, method, target, protocol, and the header lines. Absent when nobody wants access records.
   */
  readonly currentRequest?: Uint8Array;
  /** Whether access records are wanted; when false, skip building them. */
  readonly accessLog: boolean;
  /**
   * Called once for each request that ended, well or badly: counts towards `maxRequests` and writes the
   * access log. `record` is only asked for when `accessLog` is true.
   */
  requestFinished(record?: AccessRecord): void;
  /** Where the worker class counts; absent when `metrics` is off. */
  readonly meter?: Meter;
  /** Aborted when the worker begins to drain. */
  readonly stopping: AbortSignal;
}
