import test from 'ava';
import { ConnectionLimit } from '../../src/application/connection-limit.ts';

test('that a worker is full is said, and not again for half a minute', (t) => {
  let now = 0;
  const said: string[] = [];
  const turns: string[] = [];
  const limit = new ConnectionLimit({
    limit: 2,
    now: () => now,
    log: { warning: (text) => void said.push(text) },
    onFull: () => turns.push('full'),
    onRoom: () => turns.push('room'),
  });
  const fillAndEmpty = (): void => {
    for (let count = 0; count < 2; count += 1) limit.add();
    for (let count = 0; count < 2; count += 1) limit.remove();
  };
  limit.add();
  limit.remove();
  t.deepEqual(said, []);
  fillAndEmpty();
  now = 29_000;
  fillAndEmpty();
  t.is(said.length, 1);
  t.regex(said[0]!, /until one of 2 is closed \(workerConnections; open WebSockets/);
  now = 30_000;
  fillAndEmpty();
  t.is(said.length, 2);
  t.deepEqual(turns, ['full', 'room', 'full', 'room', 'full', 'room']);
});

test('a worker that leaves takes what waits, and says nothing of a limit', (t) => {
  const said: string[] = [];
  const limit = new ConnectionLimit({
    limit: 1,
    log: { warning: (text) => void said.push(text) },
    onFull: () => t.fail(),
    onRoom: () => t.fail(),
  });
  limit.lift();
  limit.add();
  t.deepEqual(said, []);
});
