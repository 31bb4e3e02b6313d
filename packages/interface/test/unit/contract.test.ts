import test from 'ava';
import type * as One from '../../contract/1/index.js';
import type * as Today from '../../src/index.ts';

/*
 * What was written for version 1 of the contract, and what it is given: the compiler says when a change breaks either,
 * in the check of the repository. contract/1 is what the first release with version 1 had, and is not edited: a change
 * that cannot pass here is one for version 2. Members of a context are compared on their own, since parameters of methods
 * are let through in both directions.
 */
const PROMISES = [
  (workerClass: One.WorkerClass): Today.WorkerClass => workerClass,
  (worker: One.Worker): Today.Worker => worker,
  // A setting may get another value in a minor release, and none may go.
  (context: Omit<Today.WorkerContext, 'settings'>): Omit<One.WorkerContext, 'settings'> => context,
  (key: keyof One.Settings): keyof Today.Settings => key,
  (application: One.Application): Today.Application => application,
  (loader: One.Loader): Today.Loader => loader,
  (context: Omit<Today.LoaderContext, 'settings'>): Omit<One.LoaderContext, 'settings'> => context,
  (context: Omit<Today.PrepareContext, 'settings'>): Omit<One.PrepareContext, 'settings'> => context,
  (config: One.ConfigInput): Today.ConfigInput => config,
  (hooks: One.Hooks): Today.Hooks => hooks,
  (definition: One.SettingDefinition): Today.SettingDefinition => definition,
] as const;

test('what was written for version 1 is what a worker class, a loader and a configuration file are today', (t) => {
  const given = { name: 'mine' };
  for (const promise of PROMISES) t.is(promise(given as never) as unknown, given);
});
