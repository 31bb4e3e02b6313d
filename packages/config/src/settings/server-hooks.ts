import type { HookName, Hooks, SettingDefinition } from '@gunicorn-ts/interface';
import type { HookDefinitions } from '../definition.ts';
import { functionOf } from '../value.ts';

interface HookRecord<H extends HookName> {
  readonly describe: string;
  /** How many arguments the hook is called with; the compiler compares it with `Hooks`. */
  readonly arity: Parameters<NonNullable<Hooks[H]>>['length'];
}

const records: { readonly [H in HookName]: HookRecord<H> } = {
  onStarting: { describe: 'Arbiter: before the listeners are opened.', arity: 1 },
  onReload: { describe: 'Arbiter: new settings were accepted, no worker of them exists yet.', arity: 1 },
  whenReady: { describe: 'Arbiter: the listeners are open, no worker exists yet.', arity: 1 },
  preFork: { describe: 'Arbiter: a worker process is about to be started.', arity: 2 },
  postFork: {
    describe: "Worker: the process runs, still with the arbiter's privileges, nothing is loaded.",
    arity: 1,
  },
  postWorkerInit: {
    describe: 'Worker: privileges are dropped and the application is loaded; no connection was taken yet.',
    arity: 1,
  },
  workerInt: { describe: 'Worker: INT or QUIT arrived; the process leaves when this returns.', arity: 1 },
  workerAbort: {
    describe:
      'Worker: ABRT arrived and the event loop could still handle it. A blocked loop cannot; see `autopsy`.',
    arity: 1,
  },
  workerExit: {
    describe: 'Worker: the process is about to exit, for whatever reason it knows of.',
    arity: 1,
  },
  preRequest: {
    describe:
      "Worker: a request's head is complete; the application was not called yet. Must not be async: nothing waits.",
    arity: 2,
  },
  postRequest: {
    describe: 'Worker: the response is complete or was given up. What it throws is logged.',
    arity: 3,
  },
  childExit: { describe: 'Arbiter: a worker has ended and was reaped.', arity: 2 },
  nworkersChanged: {
    describe: 'Arbiter: the wanted number of workers changed; `before` is `undefined` at the start.',
    arity: 3,
  },
  preExec: { describe: 'Arbiter: USR2 arrived, the second arbiter is about to be started.', arity: 1 },
  onExit: { describe: 'Arbiter: the last thing before the process ends; the workers are gone.', arity: 1 },
  sslContext: {
    describe: 'Worker: changes the TLS options that the settings led to. Must return them.',
    arity: 2,
  },
};

/** Hooks are settings whose value is a function: found in the file, checked, and never sent as data. */
export const hookDefinitions: HookDefinitions = Object.fromEntries(
  Object.entries(records).map(([key, record]): [string, SettingDefinition] => [
    key,
    {
      key,
      section: 'Server Hooks',
      describe: record.describe,
      default: undefined,
      parse: functionOf(record.arity),
      isFunction: true,
    },
  ]),
) as HookDefinitions;
