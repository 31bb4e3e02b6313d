import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** Calls a function so that what it sets in an `AsyncLocalStorage` is not seen by anybody who is called later. */
export type Isolate = <A>(work: (argument: A) => void, argument: A) => void;

/**
 * Connections take turns within one callback of the event loop: what an application sets for one request with
 * `enterWith` must not be there for the next one.
 */
export const isolate: Isolate = contextIsRestored() ? inSnapshot() : inResource;

/** With Node's context frames a snapshot puts back what was there before. */
function inSnapshot(): Isolate {
  const run = AsyncLocalStorage.snapshot();
  return (work, argument) => run(work, argument);
}

/** Before those, a context belongs to a resource: each call needs one of its own. */
function inResource<A>(work: (argument: A) => void, argument: A): void {
  new AsyncResource('HTTPSERVERREQUEST').runInAsyncScope(work, undefined, argument);
}

function contextIsRestored(): boolean {
  const storage = new AsyncLocalStorage<boolean>();
  const run = AsyncLocalStorage.snapshot();
  run(() => storage.enterWith(true));
  const isClean = run(() => storage.getStore()) === undefined && storage.getStore() === undefined;
  storage.disable();
  return isClean;
}
