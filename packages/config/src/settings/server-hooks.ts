import type { HookName, Hooks, SettingDefinition } from '@gunicorn-ts/interface';
import type { HookDefinitions } from '../definition.ts';
import { functionOf } from '../value.ts';

type NamesOf<P extends readonly unknown[]> = { readonly [I in keyof P]: string };

interface HookRecord<H extends HookName> {
  readonly describe: string;
  /** Names of its parameters; the compiler compares their number with `Hooks`. */
  readonly parameters: NamesOf<Parameters<NonNullable<Hooks[H]>>>;
}

const records: { readonly [H in HookName]: HookRecord<H> } = {
  onStarting: { describe: 'Arbiter: before the listeners are opened.', parameters: ['server'] },
  onReload: {
    describe: 'Arbiter: new settings were accepted, no worker of them exists yet.',
    parameters: ['server'],
  },
  whenReady: { describe: 'Arbiter: the listeners are open, no worker exists yet.', parameters: ['server'] },
  preFork: {
    describe: 'Arbiter: a worker process is about to be started.',
    parameters: ['server', 'worker'],
  },
  postFork: {
    describe: "Worker: the process runs, still with the arbiter's privileges, nothing is loaded.",
    parameters: ['worker'],
  },
  postWorkerInit: {
    describe: 'Worker: privileges are dropped and the application is loaded; no connection was taken yet.',
    parameters: ['worker'],
  },
  workerInt: {
    describe: 'Worker: INT or QUIT arrived; the process leaves when this returns.',
    parameters: ['worker'],
  },
  workerAbort: {
    describe:
      'Worker: ABRT arrived and the event loop could still handle it. A blocked loop cannot; see `autopsy`.',
    parameters: ['worker'],
  },
  workerExit: {
    describe: 'Worker: the process is about to exit, for whatever reason it knows of.',
    parameters: ['worker'],
  },
  preRequest: {
    describe:
      "Worker: a request's head is complete; the application was not called yet. Must not be async: nothing waits.",
    parameters: ['worker', 'request'],
  },
  postRequest: {
    describe: 'Worker: the response is complete or was given up. What it throws is logged.',
    parameters: ['worker', 'request', 'response'],
  },
  childExit: { describe: 'Arbiter: a worker has ended and was reaped.', parameters: ['server', 'worker'] },
  nworkersChanged: {
    describe: 'Arbiter: the wanted number of workers changed; `before` is `undefined` at the start.',
    parameters: ['server', 'now', 'before'],
  },
  preExec: {
    describe: 'Arbiter: USR2 arrived, the second arbiter is about to be started.',
    parameters: ['server'],
  },
  onExit: {
    describe: 'Arbiter: the last thing before the process ends; the workers are gone.',
    parameters: ['server'],
  },
  sslContext: {
    describe: 'Worker: changes the TLS options that the settings led to. Must return them.',
    parameters: ['settings', 'options'],
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
      parse: functionOf(record.parameters.length),
      isFunction: true,
      example: `(${record.parameters.join(', ')}) => {}`,
    },
  ]),
) as HookDefinitions;
