import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ArrivedRequest, clock, type DescriptorLoop } from '@gunicorn-ts/http-server';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { ReadySet } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import type { Acceptor } from '../../src/acceptor.ts';
import { HungAnswer } from '../../src/hung-answer.ts';
import type { Reception } from '../../src/reception.ts';
import { ServingLoop } from '../../src/serving-loop.ts';
import { Turns } from '../../src/turns.ts';

const DEADLINE_MS = 60_000;

interface Scene {
  readonly loop: ServingLoop;
  /** Requests that the reception gives, in order. */
  readonly requests: string[];
  readonly served: string[];
  readonly calls: string[];
}

interface SceneOptions {
  readonly serve?: (request: string) => void | Promise<void>;
  /** Says whether the accept queue is empty; asked once a turn. */
  readonly isDry?: () => boolean;
  readonly timeout?: number;
}

/** A loop whose surroundings are told what to do. */
function sceneOf(
  t: ExecutionContext,
  { serve = () => {}, isDry = () => true, timeout = 0 }: SceneOptions,
): Scene {
  const requests: string[] = [];
  const served: string[] = [];
  const calls: string[] = [];
  let isOpen = true;
  const ready = new ReadySet({ waits: true });
  t.teardown(() => ready.wake());
  const turns = new Turns(new HungAnswer(undefined), () => ready.wake());
  const isEmpty = (): boolean => turns.current === undefined && requests.length === 0;
  const engine = {
    connections: {
      get size() {
        return isEmpty() ? 0 : 1;
      },
      *[Symbol.iterator]() {
        if (turns.current !== undefined) yield { destroy: () => calls.push('destroy') };
      },
    },
    beginClosing: () => calls.push('closing'),
    untilEmpty: () => new Promise(() => {}),
  };
  const loop = new ServingLoop({
    context: { notify: () => {}, settings: { timeout, requestTimeout: 0 } } as unknown as WorkerContext,
    acceptor: {
      get isOpen() {
        return isOpen;
      },
      get isDry() {
        return isDry();
      },
      limit: () => {},
      stop: () => {
        if (isOpen) calls.push('stop');
        isOpen = false;
      },
    } as unknown as Acceptor,
    front: undefined,
    reception: {
      engine,
      next: () =>
        turns.next(() => {
          const target = requests.shift();
          if (target !== undefined) turns.arrived(requestOf(target, served, serve));
        }),
    } as unknown as Reception,
    turns,
    descriptors: { look: () => clock.look() } as unknown as DescriptorLoop,
    ready,
  });
  return { loop, requests, served, calls };
}

function requestOf(
  target: string,
  served: string[],
  serve: (request: string) => void | Promise<void>,
): ArrivedRequest {
  return {
    head: { method: 'GET', target },
    connection: { transport: {} },
    isOver: false,
    waitedFor: 'application',
    run() {
      served.push(target);
      return serve(target);
    },
    onTimeout() {},
  } as unknown as ArrivedRequest;
}

test('what waits is served in order, and a drain ends when nothing waits', async (t) => {
  const { loop, requests, served, calls } = sceneOf(t, {});
  requests.push('a', 'b', 'c');
  loop.start();
  await loop.drain(DEADLINE_MS, 10);
  t.deepEqual(served, ['a', 'b', 'c']);
  t.deepEqual(calls, ['closing', 'stop']);
});

test('a drain does not end while the accept queue is not empty', async (t) => {
  let looks = 0;
  const { loop, requests, served } = sceneOf(t, {
    isDry: () => {
      looks++;
      if (looks === 2) requests.push('late');
      return looks > 3;
    },
  });
  loop.start();
  await loop.drain(DEADLINE_MS, 10);
  t.deepEqual(served, ['late']);
});

test('nothing is served while a promise is awaited', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { loop, requests, served } = sceneOf(t, {
    serve: (request) => (request === 'slow' ? promise : undefined),
  });
  requests.push('slow', 'next');
  loop.start();
  const drained = loop.drain(DEADLINE_MS, 10);
  for (let turns = 0; turns < 20; turns++) await nextTurn();
  t.deepEqual(served, ['slow']);
  resolve();
  await drained;
  t.deepEqual(served, ['slow', 'next']);
});

test('a promise that is not settled at the deadline is cut off', async (t) => {
  const { loop, requests, calls } = sceneOf(t, { serve: () => new Promise(() => {}) });
  requests.push('never');
  loop.start();
  await loop.drain(50, 10);
  t.true(calls.includes('destroy'));
});

test('the event loop turns between many synchronous requests', async (t) => {
  const { loop, requests, served } = sceneOf(t, {});
  for (let count = 0; count < 1000; count++) requests.push(String(count));
  let servedAtTurn = 0;
  setImmediate(() => {
    servedAtTurn = served.length;
  });
  loop.start();
  await loop.drain(DEADLINE_MS, 10);
  t.is(served.length, 1000);
  t.true(servedAtTurn < 1000);
});
