import { WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import test from 'ava';
import { allTimes, countOf } from '../../src/figures.ts';
import { Ledger } from '../../src/ledger.ts';
import { WorkerMeter } from '../../src/worker-meter.ts';

function worker(): { meter: WorkerMeter; bytes: Uint8Array } {
  const memory = new ArrayBuffer(WORKER_MEMORY_BYTES);
  return { meter: new WorkerMeter(memory), bytes: new Uint8Array(memory) };
}

function serve(meter: WorkerMeter, requests: number): void {
  for (let count = 0; count < requests; count++) {
    meter.requestArrived();
    meter.requestEnded('GET', 200, 1);
  }
}

function ended(ledger: Ledger, slot: number): number {
  return ledger.bySlot().get(slot)?.counters.requestsEnded ?? 0;
}

test('what a worker has counted stays with its slot when another one takes it over', (t) => {
  const ledger = new Ledger();
  const first = worker();
  serve(first.meter, 3);
  ledger.look({ age: 1, slot: 1 }, first.bytes, 0);
  serve(first.meter, 2);
  ledger.retire({ age: 1, slot: 1 }, first.bytes, 0);
  t.is(ended(ledger, 1), 5);
  const second = worker();
  serve(second.meter, 4);
  t.is(ledger.look({ age: 2, slot: 1 }, second.bytes, 0).figures.counters.requestsEnded, 4);
  t.is(ended(ledger, 1), 9);
  t.is(countOf(allTimes(ledger.bySlot().get(1)!)), 9);
});

test('no figure is less than it was, whatever the worker writes and when its memory cannot be read', (t) => {
  const ledger = new Ledger();
  const { meter, bytes } = worker();
  serve(meter, 7);
  ledger.look({ age: 1, slot: 1 }, bytes, 0);
  bytes.fill(0);
  ledger.look({ age: 1, slot: 1 }, bytes, 0);
  t.is(ended(ledger, 1), 7);
  ledger.look({ age: 1, slot: 1 }, undefined, 0);
  t.is(ended(ledger, 1), 7);
  ledger.retire({ age: 1, slot: 1 }, undefined, 0);
  t.is(ended(ledger, 1), 7);
});

test('what a worker had in hand when it ended is lost, and not under way or open any more', (t) => {
  const ledger = new Ledger();
  const { meter, bytes } = worker();
  serve(meter, 2);
  meter.connectionOpened();
  meter.requestArrived();
  ledger.retire({ age: 1, slot: 2 }, bytes, 0);
  t.is(ledger.lost, 1);
  const { counters } = ledger.bySlot().get(2)!;
  t.is(counters.requestsArrived, counters.requestsEnded);
  t.is(counters.connectionsOpened, counters.connectionsClosed);
});

test('a worker that invents statuses does not make the page endless', (t) => {
  const ledger = new Ledger();
  for (let age = 1; age <= 30; age++) {
    const { meter, bytes } = worker();
    for (let status = 100; status < 160; status++)
      meter.requestEnded(age % 2 === 0 ? 'GET' : 'PUT', status + age * 10, 1);
    ledger.retire({ age, slot: 1 }, bytes, 0);
  }
  t.true((ledger.bySlot().get(1)?.rows.size ?? 0) <= 512);
});
