import type { Application, ApplicationProcess, WorkerClass } from '@gunicorn-ts/interface';
import test from 'ava';
import { needsThread } from '../../src/watchdog.ts';

const elsewhere = (isWatched: boolean): Application => ({
  kind: 'wsgi',
  handler: () => [],
  process: { pid: 7, stacksFd: 8, isWatched } satisfies ApplicationProcess,
});
const quick = { neverBlocks: true } as WorkerClass;
const any = {} as WorkerClass;
const noHooks = { configFile: undefined };

test('an application in another process that is watched while it is waited for needs no watchdog thread', (t) => {
  t.false(needsThread({ application: elsewhere(true), workerClass: quick }, noHooks));
});

test('whatever else runs in the worker needs one: an application, hooks, a worker class that may block', (t) => {
  t.true(needsThread({ application: { kind: 'node', handler: () => {} }, workerClass: quick }, noHooks));
  t.true(needsThread({ application: { kind: 'wsgi', handler: () => [] }, workerClass: quick }, noHooks));
  t.true(needsThread({ application: elsewhere(false), workerClass: quick }, noHooks));
  t.true(needsThread({ application: elsewhere(true), workerClass: any }, noHooks));
  t.true(
    needsThread({ application: elsewhere(true), workerClass: quick }, { configFile: 'gunicorn.conf.ts' }),
  );
});
