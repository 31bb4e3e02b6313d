import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { Listener } from './listener.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';

/** The arbiter, as hooks see it. Lives in the arbiter process. */
export interface ArbiterFacade {
  readonly pid: number;
  readonly settings: Readonly<Settings>;
  readonly log: Logger;
  readonly listeners: readonly Listener[];
  /** How many workers are wanted now; TTIN and TTOU change it. */
  readonly numWorkers: number;
}

/** A worker, as hooks of the arbiter's side see it. Lives in the arbiter process. */
export interface WorkerInfo {
  /** 0 in `preFork`: there is no process yet. */
  readonly pid: number;
  /** Counts spawned workers, from 1. */
  readonly age: number;
  /**
   * Its number among the workers, from 1, as in the environment's `GUNICORN_WORKER`. A replacement takes over the
   * number of the worker it replaces, while that one finishes what it has.
   */
  readonly slot: number;
  readonly generation: number;
}

/** A worker, as hooks of the worker's side see it. Lives in the worker process. */
export interface WorkerFacade {
  readonly pid: number;
  readonly ppid: number;
  readonly age: number;
  /**
   * Its number among the workers, from 1, as in the environment's `GUNICORN_WORKER`. A replacement takes over the
   * number of the worker it replaces, while that one finishes what it has.
   */
  readonly slot: number;
  readonly generation: number;
  readonly settings: Readonly<Settings>;
  readonly log: Logger;
}

/** The request, as `preRequest` and `postRequest` see it. */
export interface RequestInfo {
  readonly method: string;
  readonly target: string;
  readonly remoteAddress: string;
  /** Node's own object, when the worker class serves through `node:http`. */
  readonly raw?: IncomingMessage;
}

/** The response, as `postRequest` sees it. */
export interface ResponseInfo {
  readonly status: number;
  readonly bytes: number;
  /** Node's own object, when the worker class serves through `node:http`. */
  readonly raw?: ServerResponse;
}

type MaybePromise<T> = T | Promise<T>;

/**
 * Functions of `gunicorn.conf.ts`, called at named moments. In the arbiter a hook that rejects during
 * start-up stops the start; later it is logged and the server lives. In a worker a hook that throws
 * while booting ends that worker with exit code 3; later it is logged. Names, moments and order are
 * Gunicorn's; there is no `fork`, so `preFork`/`postFork` stand around the start of the process.
 */
export interface Hooks {
  /** Arbiter: before the listeners are opened. */
  onStarting?(server: ArbiterFacade): MaybePromise<void>;
  /** Arbiter: new settings were accepted, no worker of them exists yet. */
  onReload?(server: ArbiterFacade): MaybePromise<void>;
  /** Arbiter: the listeners are open, no worker exists yet. */
  whenReady?(server: ArbiterFacade): MaybePromise<void>;
  /** Arbiter: a worker process is about to be started. */
  preFork?(server: ArbiterFacade, worker: WorkerInfo): MaybePromise<void>;
  /** Worker: the process runs, still with the arbiter's privileges, nothing is loaded. */
  postFork?(worker: WorkerFacade): MaybePromise<void>;
  /** Worker: privileges are dropped and the application is loaded; no connection was taken yet. */
  postWorkerInit?(worker: WorkerFacade): MaybePromise<void>;
  /** Worker: INT or QUIT arrived; the process leaves when this returns. */
  workerInt?(worker: WorkerFacade): MaybePromise<void>;
  /** Worker: ABRT arrived and the event loop could still handle it. A blocked loop cannot; see `autopsy`. */
  workerAbort?(worker: WorkerFacade): MaybePromise<void>;
  /** Worker: the process is about to exit, for whatever reason it knows of. */
  workerExit?(worker: WorkerFacade): MaybePromise<void>;
  /** Worker: a request's head is complete; the application was not called yet. Must not be async: nothing waits. */
  preRequest?(worker: WorkerFacade, request: RequestInfo): void;
  /** Worker: the response is complete or was given up. What it throws is logged. */
  postRequest?(worker: WorkerFacade, request: RequestInfo, response: ResponseInfo): void;
  /** Arbiter: a worker has ended and was reaped. */
  childExit?(server: ArbiterFacade, worker: WorkerInfo): MaybePromise<void>;
  /** Arbiter: the wanted number of workers changed; `before` is `undefined` at the start. */
  nworkersChanged?(server: ArbiterFacade, now: number, before: number | undefined): MaybePromise<void>;
  /** Arbiter: USR2 arrived, the second arbiter is about to be started. */
  preExec?(server: ArbiterFacade): MaybePromise<void>;
  /** Arbiter: the last thing before the process ends; the workers are gone. */
  onExit?(server: ArbiterFacade): MaybePromise<void>;
  /** Worker: changes the TLS options that the settings led to. Must return them. */
  sslContext?(
    settings: Readonly<Settings>,
    options: SecureContextOptions & TlsOptions,
  ): SecureContextOptions & TlsOptions;
}

/** In which process each hook runs. The compiler checks that none is forgotten. */
export const HOOK_SIDE: Readonly<Record<keyof Hooks, 'arbiter' | 'worker'>> = {
  onStarting: 'arbiter',
  onReload: 'arbiter',
  whenReady: 'arbiter',
  preFork: 'arbiter',
  postFork: 'worker',
  postWorkerInit: 'worker',
  workerInt: 'worker',
  workerAbort: 'worker',
  workerExit: 'worker',
  preRequest: 'worker',
  postRequest: 'worker',
  childExit: 'arbiter',
  nworkersChanged: 'arbiter',
  preExec: 'arbiter',
  onExit: 'arbiter',
  sslContext: 'worker',
};

/** The key of a hook in `gunicorn.conf.ts`. */
export type HookName = keyof Hooks;
