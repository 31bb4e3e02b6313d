import { execFileSync } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import test from 'ava';
import { LoopWatch, openSocketPair } from '../../src/index.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;
const source = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

/** Watches a descriptor, and reads what comes. */
function reading(fd: number, told: () => void): LoopWatch | undefined {
  const bytes = Buffer.alloc(16);
  return LoopWatch.open(fd, () => {
    setImmediate(() => {
      readSync(fd, bytes);
      told();
    });
  });
}

onLinux('the event loop says each time that a descriptor is readable, until the watching ends', async (t) => {
  const [watched, other] = openSocketPair();
  let told = (): void => undefined;
  const watch = reading(watched, () => told());
  t.truthy(watch);
  for (let turn = 0; turn < 3; turn++) {
    const ready = new Promise<void>((resolve) => (told = resolve));
    writeSync(other, 'hello');
    await ready;
  }
  watch?.close();
  told = () => t.fail('it was told of what came later');
  writeSync(other, 'late');
  const [second, third] = openSocketPair();
  const later = await new Promise<LoopWatch | undefined>((resolve) => {
    const next = reading(second, () => resolve(next));
    writeSync(third, 'hello');
  });
  later?.close();
  for (const fd of [watched, other, second, third]) closeSync(fd);
});

onLinux('a process ends although something is watched that nobody holds', (t) => {
  const script = `
    import { LoopWatch, openSocketPair } from ${JSON.stringify(source)};
    const [fd] = openSocketPair();
    const watch = LoopWatch.open(fd, () => undefined);
    watch.unref();
    process.stdout.write('over');
  `;
  const run = [
    process.execPath,
    ['--input-type=module', '-e', script],
    { encoding: 'utf8', timeout: 20_000 },
  ] as const;
  t.is(execFileSync(...run), 'over');
});

onLinux('a worker thread, which has another loop, cannot have its descriptors watched', async (t) => {
  const script = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(source)}).then(({ LoopWatch, openSocketPair }) => {
      parentPort.postMessage(LoopWatch.open(openSocketPair()[0], () => undefined) === undefined);
    });
  `;
  const [isRefused] = (await once(new Worker(script, { eval: true }), 'message')) as [boolean];
  t.true(isRefused);
});
