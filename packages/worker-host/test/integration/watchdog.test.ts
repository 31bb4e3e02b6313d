import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Autopsy } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { startWorker, type WorkerOptions, type WorkerUnderTest } from './fake-arbiter.ts';

const HANGS = `
import { execSync } from 'node:child_process';
function spin(ms: number) {
  const end = Date.now() + ms;
  while (Date.now() < end) { /* turn */ }
}
export default (req: any, res: any) => {
  if (req.url.startsWith('/spin')) spin(Number(req.url.split('/')[2]));
  if (req.url === '/native') execSync('sleep 2.5');
  res.end('answered');
};`;

test.serial(
  'a hung worker says in which function, file and line, and for which request; and goes on when it can',
  async (t) => {
    const worker = startWorker(t, {
      files: { 'app.ts': HANGS },
      settings: { autopsy: true, timeout: 0.8 },
    });
    await watched(worker);
    t.is(await (await fetch(`${worker.url}/spin/4000`)).text(), 'answered');
    const autopsy = await worker.autopsy(0, hasStack);
    t.is(autopsy.reason, undefined);
    const [innermost, caller] = autopsy.stack;
    t.like(innermost, { functionName: 'spin', file: `${worker.directory}/app.ts` });
    t.true(innermost?.line === 5 || innermost?.line === 4);
    t.like(caller, { functionName: 'default', file: `${worker.directory}/app.ts`, line: 8 });
    t.like(autopsy.inFlight[0], { method: 'GET', target: '/spin/4000' });
    t.true(autopsy.stuckMs >= 700 && autopsy.stuckMs < 4000);
    t.true((autopsy.heapUsedBytes ?? 0) > 0 && (autopsy.rssBytes ?? 0) > 0);
    t.is(autopsy.reason, undefined);
    t.is(await (await fetch(`${worker.url}/spin/4000`)).text(), 'answered');
    t.is((await worker.autopsy(1, hasStack)).stack[0]?.functionName, 'spin');
  },
);

test.serial('a worker that hangs in native code says so, and goes on when that returns', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': HANGS },
    settings: { autopsy: true, timeout: 0.8 },
  });
  await watched(worker);
  t.is(await (await fetch(`${worker.url}/native`)).text(), 'answered');
  const autopsy = await worker.autopsy();
  t.deepEqual(autopsy.stack, []);
  t.regex(autopsy.reason ?? '', /^the main thread is in native code/);
  t.is(await (await fetch(`${worker.url}/`)).text(), 'answered');
});

test.serial(
  'a worker that computes in native code says so before the arbiter gives up waiting',
  async (t) => {
    const worker = startWorker(t, {
      files: {
        'app.ts': `import { pbkdf2Sync } from 'node:crypto';
        export default (req, res) => { pbkdf2Sync('a', 'b', 1e9, 64, 'sha512'); };`,
      },
      settings: { autopsy: true, timeout: 0.8 },
    });
    await watched(worker);
    fetch(worker.url).catch(() => {});
    const { reason, stack, stuckMs } = await worker.autopsy();
    t.is(reason, 'the main thread is running, in native code or short of processor time');
    t.deepEqual(stack, []);
    t.true(stuckMs >= 700);
  },
);

test.serial('a worker that is merely idle is never autopsied', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': HANGS },
    settings: { autopsy: true, timeout: 0.3 },
  });
  await watched(worker);
  const beats = new Set<number>();
  while (beats.size < 6) {
    beats.add(worker.heartbeat);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.deepEqual(worker.lastWords, []);
});

test.serial('the watchdog does not load what the application preloads', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': HANGS },
    settings: { autopsy: true },
    execArgv: ['--import', `data:text/javascript,console.log('preloaded')`],
  });
  await watched(worker);
  t.is(worker.output.match(/preloaded/g)?.length, 1);
});

/** Two seconds are promised, to a worker that gets the processor; on a busy machine it may have to wait for it. */
const BUSY_MACHINE_MS = 5000;

/** On a busy machine a first report without a stack may come before it. */
function hasStack({ stack }: Autopsy): boolean {
  return stack.length > 0;
}

/** The watchdog starts a little after the worker is ready. */
async function watched(worker: WorkerUnderTest): Promise<void> {
  await worker.said('ready');
  await worker.printed(/Watchdog thread started/);
}

/** Starts a worker under an arbiter that can be killed. */
async function orphanage(
  t: ExecutionContext,
  options: WorkerOptions,
): Promise<{ pid: number; url: string; kill(): void }> {
  const path = fileURLToPath(new URL('fixtures/mortal-arbiter.ts', import.meta.url));
  const arbiter = fork(path, [JSON.stringify(options)], { stdio: 'inherit' });
  const [{ pid, url, directory }] = (await once(arbiter, 'message')) as [
    { pid: number; url: string; directory: string },
  ];
  t.teardown(() => {
    arbiter.kill('SIGKILL');
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return { pid, url, kill: () => arbiter.kill('SIGKILL') };
}

/** A zombie counts as gone: in a container nobody may reap the orphans. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  const state = /\) (\w) /.exec(readFileIfThere(`/proc/${pid}/stat`))?.[1];
  return state !== undefined && state !== 'Z';
}

async function goneAfter(pid: number): Promise<number> {
  const startedAt = performance.now();
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  return performance.now() - startedAt;
}

test.serial('an idle worker leaves when its arbiter is killed', async (t) => {
  const { pid, kill } = await orphanage(t, { files: { 'app.ts': HANGS } });
  kill();
  t.true((await goneAfter(pid)) < BUSY_MACHINE_MS);
});

test.serial('a worker whose arbiter was killed still answers what it has', async (t) => {
  const app = `export default (req, res) => { res.flushHeaders(); setTimeout(() => res.end('late'), 600); }`;
  const { pid, url, kill } = await orphanage(t, { files: { 'app.ts': app } });
  const response = await fetch(url);
  kill();
  t.is(await response.text(), 'late');
  t.true((await goneAfter(pid)) < BUSY_MACHINE_MS);
});

test.serial('a stuck worker does not outlive its arbiter for long', async (t) => {
  const app = `export default (req, res) => { res.flushHeaders(); res.write('stuck'); setImmediate(() => { while (true); }); }`;
  const { pid, url, kill } = await orphanage(t, { files: { 'app.ts': app }, settings: { autopsy: true } });
  const response = await fetch(url);
  await response.body?.getReader().read();
  kill();
  t.true((await goneAfter(pid)) < BUSY_MACHINE_MS);
});

function readFileIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
