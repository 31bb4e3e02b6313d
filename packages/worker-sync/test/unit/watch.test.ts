import { closeSync } from 'node:fs';
import { openSocketPair } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import { Watch, type Watcher } from '../../src/watch.ts';
import { logged } from './ends.ts';

interface Scene {
  readonly watch: Watch;
  readonly lines: readonly string[];
  /** What happened to the watchers, in order. */
  readonly calls: string[];
  /** A watcher of a descriptor that is ready for `read` once its far end is closed. */
  watcher(name: string, does?: Partial<Watcher>): Watcher & { leave(): void };
}

function sceneOf(t: ExecutionContext): Scene {
  const { log, lines } = logged();
  const watch = new Watch(log);
  const calls: string[] = [];
  return {
    watch,
    lines,
    calls,
    watcher(name, does = {}) {
      const [fd, far] = openSocketPair();
      const open = new Set([fd, far]);
      const close = (end: number): void => void (open.delete(end) && closeSync(end));
      t.teardown(() => [...open].forEach(close));
      return {
        fd,
        deadline: Infinity,
        onReady: () => void calls.push(`${name} ready`),
        onDeadline: () => void calls.push(`${name} late`),
        onFault: () => void calls.push(`${name} fault`),
        leave: () => close(far),
        ...does,
      };
    },
  };
}

function fail(): never {
  throw new Error('unforeseen');
}

test('what one watcher throws when it is ready ends that one, and is logged', (t) => {
  const { watch, lines, calls, watcher } = sceneOf(t);
  const broken = watcher('broken', { onReady: fail });
  const other = watcher('other');
  watch.add(broken, 'read');
  watch.add(other, 'read');
  broken.leave();
  other.leave();
  watch.look();
  t.deepEqual([...calls].sort(), ['broken fault', 'other ready']);
  t.deepEqual([...watch.watchers()], [other]);
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /A connection was ended because serving it failed: Error: unforeseen/);
});

test('what one watcher throws at its deadline, and at its end, keeps nobody from theirs', (t) => {
  const { watch, lines, calls, watcher } = sceneOf(t);
  watch.add(watcher('broken', { deadline: 1, onDeadline: fail, onFault: fail }), 'read');
  watch.add(watcher('late', { deadline: 1 }), 'read');
  watch.sweep(2);
  t.deepEqual(calls, ['late late']);
  t.is(lines.length, 2);
});

test('a descriptor is watched for what was asked last, by who asked last', (t) => {
  const { watch, lines, calls, watcher } = sceneOf(t);
  const reader = watcher('reader');
  watch.add(reader, 'read');
  watch.add(reader, 'write');
  const writer: Watcher = { ...watcher('writer'), fd: reader.fd };
  watch.add(writer, 'write');
  watch.look();
  t.deepEqual(calls, ['writer ready']);
  watch.remove(reader);
  t.is(watch.size, 1, 'who was replaced takes nothing with it');
  t.deepEqual(lines, []);
});

test('a descriptor that cannot be watched is told at once, and one that is closed can be removed', (t) => {
  const { watch, lines, calls, watcher } = sceneOf(t);
  const [fd, far] = openSocketPair();
  const gone: Watcher = { ...watcher('gone'), fd };
  watch.add(gone, 'read');
  closeSync(fd);
  closeSync(far);
  watch.remove(gone);
  t.deepEqual(calls, []);
  watch.add(gone, 'read');
  t.deepEqual(calls, ['gone fault']);
  t.regex(lines.join(), /epoll_ctl .*EBADF/);
  t.is(watch.size, 0);
});
