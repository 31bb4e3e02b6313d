import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** Calls a function so that what it sets in an `AsyncLocalStorage` is not seen by anybody who is called later. */
export type Isolate = <A>(work: (argument: A) => void, argument: A) => void;

/**
 * Connections take turns within one callback of the event loop: what an application sets for one request with
 * `enterWith` must not be there for the next one.
 */
export const isolate: Isolate = contextIsRestored() ? inFrame() : inResource();

/** With Node's context frames a resource puts back what was there before. A snapshot does, too, at ten times the cost. */
function inFrame(): Isolate {
  const nobody = new AsyncResource('HTTPSERVER');
  return (work, argument) => nobody.runInAsyncScope(work, undefined, argument);
}

/**
 * Before those, a context belongs to a resource, and a new one takes over that of the resource in which it is made: each
 * call needs one of its own, made where nobody has set anything.
 */
function inResource(): Isolate {
  const nobody = new AsyncResource('HTTPSERVER');
  const makeAndRun = <A>(work: (argument: A) => void, argument: A): void =>
    void new AsyncResource('HTTPSERVERREQUEST').runInAsyncScope(work, undefined, argument);
  return (work, argument) => nobody.runInAsyncScope(makeAndRun<typeof argument>, undefined, work, argument);
}

function contextIsRestored(): boolean {
  const storage = new AsyncLocalStorage<boolean>();
  const nobody = new AsyncResource('HTTPSERVER');
  nobody.runInAsyncScope(() => storage.enterWith(true));
  const isClean =
    nobody.runInAsyncScope(() => storage.getStore()) === undefined && storage.getStore() === undefined;
  storage.disable();
  return isClean;
}
