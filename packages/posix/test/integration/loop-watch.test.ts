import { execFileSync, spawn } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import test from 'ava';
import { LoopWatch, openSocketPair } from '../../src/index.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;
const source = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

/** Resolves in the first turn of the event loop in whose poll the descriptor was readable. */
async function untilReady(watch: LoopWatch): Promise<void> {
  while (!watch.takeReady()) await behindPoll();
}

/** An immediate that does not keep the loop from waiting in its poll. */
function behindPoll(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve).unref());
}

onLinux('the event loop says each time that a descriptor is readable, until the watching ends', async (t) => {
  const [watched, other] = openSocketPair();
  const watch = LoopWatch.open(watched)!;
  t.false(watch.takeReady());
  for (let turn = 0; turn < 3; turn++) {
    writeSync(other, 'hello');
    await untilReady(watch);
    readSync(watched, Buffer.alloc(16));
    // The poll of this turn may have seen it before it was read.
    await nextTurn();
    watch.takeReady();
    await nextTurn();
    t.false(watch.takeReady());
  }
  watch.close();
  writeSync(other, 'late');
  const [second, third] = openSocketPair();
  const later = LoopWatch.open(second)!;
  writeSync(third, 'hello');
  await untilReady(later);
  t.false(watch.takeReady());
  later.close();
  for (const fd of [watched, other, second, third]) closeSync(fd);
});

onLinux('what is readable wakes an event loop that has nothing else to do', async (t) => {
  const [watched, other] = openSocketPair();
  const watch = LoopWatch.open(watched)!;
  const writer = spawn('sh', ['-c', 'read line; echo hello >&3'], {
    stdio: ['pipe', 'ignore', 'ignore', other],
  });
  writer.stdin!.end('go\n');
  await untilReady(watch);
  t.pass();
  watch.close();
  closeSync(watched);
  closeSync(other);
});

onLinux('a process ends although something is watched that nobody holds', (t) => {
  const script = `
    import { LoopWatch, openSocketPair } from ${JSON.stringify(source)};
    const [fd] = openSocketPair();
    const watch = LoopWatch.open(fd);
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
      parentPort.postMessage(LoopWatch.open(openSocketPair()[0]) === undefined);
    });
  `;
  const [isRefused] = (await once(new Worker(script, { eval: true }), 'message')) as [boolean];
  t.true(isRefused);
});
