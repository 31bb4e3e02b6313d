import { closeSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { openSocketPair, ReadySet } from '../../src/index.ts';

function watched(t: ExecutionContext): { set: ReadySet; fd: number; far: number } {
  const set = new ReadySet();
  const [fd, far] = openSocketPair();
  t.teardown(() => set.close());
  return { set, fd, far };
}

test('a descriptor that is watched already is watched for the new reason', (t) => {
  const { set, fd, far } = watched(t);
  set.watch(fd, 'read');
  t.deepEqual(set.poll(0), []);
  set.watch(fd, 'write');
  t.deepEqual(set.poll(0), [fd]);
  set.watch(fd, 'read');
  t.deepEqual(set.poll(0), []);
  closeSync(fd);
  closeSync(far);
});

test('to forget what is not watched, or is closed, is no error', (t) => {
  const { set, fd, far } = watched(t);
  t.notThrows(() => set.forget(fd));
  set.watch(fd, 'read');
  closeSync(fd);
  t.notThrows(() => set.forget(fd));
  closeSync(far);
});

test('a descriptor that is closed cannot be watched', (t) => {
  const { set, fd, far } = watched(t);
  closeSync(fd);
  closeSync(far);
  t.throws(() => set.watch(fd, 'read'), { code: 'EBADF' });
});

test('a set that was not made to be waited for says so: nobody could end the wait', (t) => {
  const { set } = watched(t);
  t.throws(() => set.wait(), { instanceOf: TypeError, message: /waits: true/ });
});
