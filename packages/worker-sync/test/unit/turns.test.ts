import type { ArrivedRequest } from '@gunicorn-ts/http-server';
import test from 'ava';
import { HungAnswer } from '../../src/hung-answer.ts';
import { Turns } from '../../src/turns.ts';

interface Asked extends ArrivedRequest {
  isOver: boolean;
  runs: number;
}

const FD = 7;

function request(run: () => void | Promise<void> = () => {}): Asked {
  const asked = {
    head: { method: 'GET', target: '/', protocol: 'HTTP/1.1', fields: { count: 0 } },
    remoteAddress: '203.0.113.7',
    connection: { transport: { fd: FD } },
    isOver: false,
    runs: 0,
    run() {
      asked.runs++;
      return run();
    },
  };
  return asked as unknown as Asked;
}

function turnsOf(): { turns: Turns; cell: Int32Array; woken: () => number } {
  const cell = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  let woken = 0;
  const turns = new Turns(new HungAnswer(cell), () => woken++);
  return { turns, cell, woken: () => woken };
}

test('what comes of the offer is served at once, and a further one waits', (t) => {
  const { turns, woken } = turnsOf();
  const [first, second] = [request(), request()];
  const served = turns.next(() => {
    turns.arrived(first);
    turns.arrived(second);
  });
  t.true(served);
  t.deepEqual([first.runs, second.runs, woken()], [1, 0, 1]);
  t.true(turns.next(() => t.fail('one waits')));
  t.is(second.runs, 1);
});

test('who arrives without an offer wakes the loop, and is served first', (t) => {
  const { turns, woken } = turnsOf();
  const waiting = request();
  turns.arrived(waiting);
  t.deepEqual([waiting.runs, woken(), turns.hasWaiting], [0, 1, true]);
  turns.next(() => t.fail('one waits'));
  t.is(waiting.runs, 1);
  t.false(turns.hasWaiting);
});

test('one that is over before its turn is not run', (t) => {
  const { turns } = turnsOf();
  const left = request();
  turns.arrived(left);
  left.isOver = true;
  t.false(turns.next(() => {}));
  t.is(left.runs, 0);
});

test('the request that is awaited is the current one until its application is done', async (t) => {
  const { turns } = turnsOf();
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = request(() => promise);
  const pending = turns.next(() => turns.arrived(slow));
  t.is(turns.current, slow);
  resolve();
  await pending;
  t.is(turns.current, undefined);
});

test('its connection is offered to the watchdog, and only it takes that back', (t) => {
  const { turns, cell } = turnsOf();
  const slow = request(() => new Promise(() => {}));
  turns.next(() => turns.arrived(slow));
  t.is(cell[0], FD);
  t.true(turns.takeBack(request()));
  t.is(cell[0], FD);
  t.true(turns.takeBack(slow));
  t.is(cell[0], -1);
});

test('what the watchdog has answered may not be answered again', (t) => {
  const { turns, cell } = turnsOf();
  const slow = request(() => new Promise(() => {}));
  turns.next(() => turns.arrived(slow));
  Atomics.exchange(cell, 0, -1);
  t.false(turns.takeBack(slow));
});

test('what a request leaves in its asynchronous context is not there for the next one', async (t) => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  const storage = new AsyncLocalStorage<string>();
  const { turns } = turnsOf();
  const seen: unknown[] = [];
  for (const name of ['first', 'second']) {
    turns.next(() =>
      turns.arrived(
        request(() => {
          seen.push(storage.getStore());
          storage.enterWith(name);
        }),
      ),
    );
  }
  t.deepEqual(seen, [undefined, undefined]);
});

test('a request whose client has its answer from the watchdog is told from one that is only waited for', (t) => {
  const { turns, cell } = turnsOf();
  const hung = request(() => new Promise(() => {}));
  void turns.next(() => turns.arrived(hung));
  t.is(turns.answeredElsewhere, undefined);
  Atomics.exchange(cell, 0, -1);
  t.is(turns.answeredElsewhere, hung);
});
