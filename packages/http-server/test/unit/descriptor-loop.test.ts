import { closeSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { openSocketPair, READABLE } from '@gunicorn-ts/posix';
import { eventually } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { DescriptorLoop, type DescriptorWatcher } from '../../src/loop/descriptor-loop.ts';

interface Watched extends DescriptorWatcher {
  told: number;
  tried: number;
}

/** Is ready from `send` on for as long as it is watched: nobody reads. */
function watched(
  t: ExecutionContext,
  isHit: boolean,
): { readonly watcher: Watched; readonly send: () => void } {
  const loop = DescriptorLoop.shared()!;
  const [near, far] = openSocketPair();
  const watcher: Watched = {
    fd: near,
    told: 0,
    tried: 0,
    onReady(events) {
      if ((events & READABLE) !== 0) this.told++;
    },
    tryReady() {
      this.tried++;
      return isHit;
    },
  };
  loop.watch(watcher, 'read');
  loop.hold();
  t.teardown(() => {
    loop.forget(watcher);
    loop.release();
    closeSync(near);
    closeSync(far);
  });
  return { watcher, send: () => void writeSync(far, 'x') };
}

test.serial('who is ready alone, again and again, is mostly asked without the kernel', async (t) => {
  const { watcher, send } = watched(t, true);
  send();
  await eventually(() => watcher.tried > 100);
  t.true(watcher.told >= watcher.tried / 10);
  t.true(watcher.told <= watcher.tried / 4);
});

test.serial('who is always ready keeps nobody else waiting', async (t) => {
  const busy = watched(t, true);
  const other = watched(t, true);
  busy.send();
  await eventually(() => busy.watcher.tried > 20);
  const { tried } = busy.watcher;
  other.send();
  await new Promise<void>((resolve) => {
    other.watcher.onReady = () => {
      t.true(busy.watcher.tried <= tried + 10);
      resolve();
    };
  });
});

test.serial('where the guess was wrong, the kernel is asked', async (t) => {
  const { watcher, send } = watched(t, false);
  send();
  await eventually(() => watcher.tried > 20);
  t.true(watcher.told >= watcher.tried);
});

test.serial('while nothing is ready the event loop waits', async (t) => {
  watched(t, true);
  const { loopCount } = performance.nodeTiming.uvMetricsInfo;
  // Some thirty turns; a loop that does not wait makes thousands.
  await readFile('/proc/self/smaps');
  t.true(performance.nodeTiming.uvMetricsInfo.loopCount - loopCount < 300);
});

test.serial('who is ready is told although somebody has replaced setImmediate', async (t) => {
  const { setImmediate: own } = globalThis;
  t.teardown(() => void (globalThis.setImmediate = own));
  globalThis.setImmediate = (() => t.fail('the replacement was called')) as never;
  const { watcher, send } = watched(t, true);
  const told = new Promise<void>((resolve) => (watcher.onReady = () => resolve()));
  send();
  await told;
  t.pass();
});
