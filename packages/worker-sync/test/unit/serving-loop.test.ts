import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { ReadySet } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import type { Acceptor } from '../../src/acceptor.ts';
import { Clock } from '../../src/clock.ts';
import type { Arriving, ParkingLot } from '../../src/parking-lot.ts';
import type { Reception } from '../../src/reception.ts';
import { ServingLoop } from '../../src/serving-loop.ts';
import { Watch } from '../../src/watch.ts';
import { logged } from './ends.ts';

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
  let open = true;
  const watch = new Watch(logged().log);
  const ready = new ReadySet();
  ready.watch(watch.fd, 'read');
  t.teardown(() => {
    ready.wake();
    watch.wake();
  });
  const loop = new ServingLoop({
    context: { notify: () => {}, settings: { timeout, requestTimeout: 0 } } as unknown as WorkerContext,
    acceptor: {
      get isOpen() {
        return open;
      },
      get isDry() {
        return isDry();
      },
      pause: () => 0,
      limit: () => {},
      stop: () => {
        open = false;
        calls.push('stop');
      },
    } as unknown as Acceptor,
    front: undefined,
    reception: {
      next: () => {
        const request = requests.shift();
        return request === undefined ? undefined : ({ incoming: request } as unknown as Arriving);
      },
      recycle: () => {},
    } as unknown as Reception,
    lot: { hasComplete: false, hurrySilent: () => calls.push('hurry') } as unknown as ParkingLot,
    service: {
      serve: ({ incoming }: Arriving) => {
        served.push(String(incoming));
        return serve(String(incoming));
      },
      giveUp: () => undefined,
      cut: () => calls.push('cut'),
      cutOff: () => [],
      close: () => Promise.resolve(),
      inFlight: () => [],
    },
    clock: new Clock(),
    watch,
    ready,
  });
  return { loop, requests, served, calls };
}

test('what waits is served in order, and a drain ends when nothing waits', async (t) => {
  const { loop, requests, served, calls } = sceneOf(t, {});
  requests.push('a', 'b', 'c');
  loop.start();
  await loop.drain(DEADLINE_MS, 10);
  t.deepEqual(served, ['a', 'b', 'c']);
  t.deepEqual(calls.slice(0, 2), ['hurry', 'stop']);
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
  t.true(calls.includes('cut'));
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
