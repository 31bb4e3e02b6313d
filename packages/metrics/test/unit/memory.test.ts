import { WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import test from 'ava';
import { allTimes, countOf } from '../../src/figures.ts';
import {
  COUNTER_CELL,
  OWN_ROWS,
  readRowKey,
  REQUEST_SINCE_CELL,
  TEXT_AT,
  VERSION_CELL,
} from '../../src/layout.ts';
import { readMemory } from '../../src/read-memory.ts';
import { WorkerMeter } from '../../src/worker-meter.ts';

function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function metered(): { memory: ArrayBuffer; meter: WorkerMeter; read: () => ReturnType<typeof readMemory> } {
  const memory = new ArrayBuffer(WORKER_MEMORY_BYTES);
  const meter = new WorkerMeter(memory);
  return { memory, meter, read: () => readMemory(new Uint8Array(memory), machineMs()) };
}

test('what a worker counts is what the arbiter reads', (t) => {
  const { meter, read } = metered();
  meter.connectionOpened();
  meter.connectionOpened();
  meter.connectionClosed();
  meter.transferred(100, 2000);
  meter.requestArrived();
  meter.requestArrived();
  meter.requestEnded('GET', 200, 4);
  meter.requestEnded('PURGE', 499, 30);
  meter.requestRefused('headers');
  meter.requestTimedOut();
  meter.waited('header', 60);
  meter.logged('error');
  meter.logged('info');
  const { figures } = read();
  t.like(figures.counters, {
    connectionsOpened: 2,
    connectionsClosed: 1,
    bytesReceived: 100,
    bytesSent: 2000,
    requestsArrived: 2,
    requestsEnded: 2,
    abortedByClient: 1,
    timedOut: 1,
    logError: 1,
    logWarning: 0,
  });
  t.like(figures.refusals, { headers: 1, uri: 0 });
  t.is(countOf(figures.waits.header), 1);
  t.deepEqual(
    [...figures.rows].map(([key, times]) => [readRowKey(key)?.method, readRowKey(key)?.status, times.sum]),
    [
      ['GET', 200, 0.004],
      ['_OTHER', 499, 0.03],
    ],
  );
  t.deepEqual(allTimes(figures).buckets.slice(0, 4), [1, 0, 0, 1]);
});

test('a duration at a bound belongs to the bucket below it, and the longest have one of their own', (t) => {
  const { meter, read } = metered();
  for (const ms of [5, 5.01, 10_000, 10_001]) meter.requestEnded('GET', 200, ms);
  const { buckets } = allTimes(read().figures);
  t.deepEqual([buckets[0], buckets[1], buckets[13], buckets[14]], [1, 1, 1, 1]);
});

test('the request that a worker has is shown without its query, and how long it has been busy with it', (t) => {
  const { meter, read } = metered();
  const ms = performance.now() / 2;
  meter.requestBegan('GET', '/orders/7?token=secret', performance.now() - ms);
  const { request, busyForMs, figures } = read();
  t.is(request?.text, 'GET /orders/7');
  t.true(busyForMs >= ms && request!.ageMs >= ms);
  t.true(figures.counters.busyMs >= ms);
  meter.requestLeft(performance.now());
  t.is(read().request, undefined);
  t.true(read().figures.counters.busyMs >= ms);
});

test('a worker that follows its event loop is not busy because a request is under way', (t) => {
  const { meter, read } = metered();
  meter.followLoop(250);
  meter.requestBegan('GET', '/', performance.now() / 2);
  t.is(read().figures.counters.busyMs, 250);
  t.is(read().request?.text, 'GET /');
});

test('more combinations of method and status than there are rows share one by class', (t) => {
  const { meter, read } = metered();
  for (let status = 400; status < 400 + OWN_ROWS + 10; status++) meter.requestEnded('GET', status, 1);
  const { rows, counters } = read().figures;
  t.is(counters.requestsEnded, OWN_ROWS + 10);
  t.is(countOf(allTimes(read().figures)), OWN_ROWS + 10);
  const shared = [...rows].filter(([key]) => readRowKey(key)?.isShared);
  t.deepEqual(
    shared.map(([key, times]) => [readRowKey(key)?.status, countOf(times)]),
    [[400, 10]],
  );
});

test('a memory that is too short, or of another layout, is empty', (t) => {
  const { memory, meter } = metered();
  meter.requestEnded('GET', 200, 1);
  t.is(readMemory(new Uint8Array(memory).subarray(0, 4096), 0).figures.rows.size, 0);
  new Float64Array(memory)[VERSION_CELL] = 7;
  t.is(readMemory(new Uint8Array(memory), 0).figures.rows.size, 0);
});

for (const [what, value] of [
  ['NaN', Number.NaN],
  ['infinity', Infinity],
  ['less than nothing', -5],
  ['more than can be counted', 1e300],
] as const) {
  test(`${what} is no count`, (t) => {
    const { memory, read } = metered();
    const cells = new Float64Array(memory);
    for (let cell = 1; cell < cells.length; cell++) cells[cell] = value;
    const { figures, busyForMs, request } = read();
    t.deepEqual(new Set(Object.values(figures.counters)), new Set([0]));
    t.is(busyForMs, 0);
    t.is(request, undefined);
    t.is(countOf(allTimes(figures)), 0);
  });
}

test('whatever stands there, finite numbers of 0 and more and one line of plain text come out', (t) => {
  // A generator of its own, so that a failure can be repeated.
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 300; round++) {
    const { memory, read } = metered();
    const bytes = new Uint8Array(memory);
    for (let count = 0; count < 2000; count++) bytes[8 + (random() % (bytes.length - 8))] = random() % 256;
    const { figures, busyForMs, request } = read();
    const numbers = [...Object.values(figures.counters), ...Object.values(figures.refusals), busyForMs];
    for (const times of [...figures.rows.values(), ...Object.values(figures.waits)])
      numbers.push(times.sum, ...times.buckets);
    t.true(numbers.every((number) => Number.isFinite(number) && number >= 0));
    t.regex(request?.text ?? '', /^[\x20-\x7e]*$/);
  }
});

test('a text that is being changed, or has a length that it cannot have, is not shown', (t) => {
  const { memory, meter, read } = metered();
  meter.requestBegan('GET', '/', performance.now());
  const head = new Uint32Array(memory, TEXT_AT, 2);
  head[0]!++;
  t.is(read().request, undefined);
  head[0]!++;
  head[1] = 5000;
  t.is(read().request, undefined);
  head[1] = 5;
  t.is(read().request?.text, 'GET /');
  new Float64Array(memory)[REQUEST_SINCE_CELL] = Number.NaN;
  t.is(read().request, undefined);
  t.is(new Float64Array(memory)[COUNTER_CELL.requestsEnded], 0);
});
