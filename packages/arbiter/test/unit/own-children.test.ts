import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import test from 'ava';
import { OwnChildren } from '../../src/orphans.ts';

/** What Node.js publishes when it starts a process, whose number comes a moment later. */
function started(pid: number | undefined): EventEmitter & { pid?: number } {
  const child: EventEmitter & { pid?: number } = new EventEmitter();
  channel('child_process').publish({ process: child });
  if (pid !== undefined) child.pid = pid;
  return child;
}

test('the end of a child that Node.js waits for is left to it, until it has told of that', (t) => {
  const own = new OwnChildren();
  const [worker, other] = [started(41), started(42)];
  t.true(own.has(41));
  worker.emit('exit', 0, null);
  t.false(own.has(41));
  t.true(own.has(42));
  other.emit('exit', null, 'SIGKILL');
  t.false(own.has(42));
});

test('what Node.js did not start is an orphan', (t) => {
  t.false(new OwnChildren().has(41));
});

test('a program that could not be started is forgotten, and its error is not hidden', (t) => {
  const own = new OwnChildren();
  const child = started(undefined);
  t.false(own.has(41));
  child.pid = 41;
  t.false(own.has(41));
  t.is(child.listenerCount('error'), 0);
});
