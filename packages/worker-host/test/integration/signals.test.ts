import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { startWorker } from './fake-arbiter.ts';

/** `/slow` is answered when the file `go` appears. */
const SLOW = `
import { existsSync } from 'node:fs';
export default (req, res) => {
  if (req.url !== '/slow') return res.end('quick');
  console.log('started');
  const timer = setInterval(() => {
    if (!existsSync('go')) return;
    clearInterval(timer);
    res.end('slow');
  }, 10);
};`;

test.serial('TERM finishes what is in flight and leaves with 0', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW } });
  await worker.said('ready');
  const answer = fetch(`${worker.url}/slow`).then((response) => response.text());
  await worker.printed(/started/);
  worker.kill('SIGTERM');
  await worker.said('draining');
  worker.kill('SIGTERM');
  worker.kill('SIGHUP');
  writeFileSync(join(worker.directory, 'go'), '');
  t.is(await answer, 'slow');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
  await worker.printed(new RegExp(`Worker exiting \\(pid: ${worker.pid}\\)`));
});

test.serial('requests that outlast gracefulTimeout are cut off and named', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW }, settings: { gracefulTimeout: 0.2 } });
  await worker.said('ready');
  const answer = fetch(`${worker.url}/slow`).catch(() => 'cut off');
  await worker.printed(/started/);
  worker.kill('SIGTERM');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
  t.is(await answer, 'cut off');
  await worker.printed(
    /\[WARNING\] 1 request was cut off after 0\.2 s \(pid: \d+\): GET \/slow \(\d\.\d s\)/,
  );
});

test.serial('an application that removes the SIGTERM listeners is drained all the same', async (t) => {
  const app = `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => console.log('theirs'));${SLOW}`;
  const worker = startWorker(t, { files: { 'app.ts': app } });
  await worker.said('ready');
  const answer = fetch(`${worker.url}/slow`).then((response) => response.text());
  await worker.printed(/started/);
  worker.kill('SIGTERM');
  await worker.said('draining');
  writeFileSync(join(worker.directory, 'go'), '');
  t.is(await answer, 'slow');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
  await worker.printed(/theirs/);
});

test.serial('an application that closes the channel to the arbiter is told, and ends', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': SLOW + 'setTimeout(() => process.disconnect(), 50);' },
  });
  await worker.printed(/CRITICAL.*the application called process\.disconnect\(\).*remove the call/);
  t.deepEqual(await worker.exited, { code: 1, signal: null });
});

test.serial('TERM while the application is still being imported leaves with 0 at once', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `console.log('importing'); await new Promise(() => {});` },
  });
  await worker.printed(/importing/);
  worker.kill('SIGTERM');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
});

test.serial('TERM before the boot message leaves with 0', async (t) => {
  const worker = startWorker(t, {
    silent: true,
    // Tells when the last of the handlers stands.
    execArgv: [
      '--import',
      `data:text/javascript,process.on('newListener',(e)=>e==='message'&&process.send('up'))`,
    ],
  });
  await once(worker.child, 'message');
  worker.kill('SIGTERM');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
});

for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
  test.serial(`${signal} leaves at once, whatever is in flight`, async (t) => {
    const worker = startWorker(t, { files: { 'app.ts': SLOW } });
    await worker.said('ready');
    const answer = fetch(`${worker.url}/slow`).catch(() => 'cut off');
    await worker.printed(/started/);
    worker.kill(signal);
    t.deepEqual(await worker.exited, { code: 0, signal: null });
    t.is(await answer, 'cut off');
  });
}

test.serial('INT ends a drain', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW } });
  await worker.said('ready');
  void fetch(`${worker.url}/slow`).catch(() => undefined);
  await worker.printed(/started/);
  worker.kill('SIGTERM');
  await worker.said('draining');
  worker.kill('SIGINT');
  t.deepEqual(await worker.exited, { code: 0, signal: null });
});

test.serial('ABRT leaves with 1', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW } });
  await worker.said('ready');
  worker.kill('SIGABRT');
  t.deepEqual(await worker.exited, { code: 1, signal: null });
});

test.serial('HUP, USR2, WINCH, TTIN and TTOU do nothing, and USR1 opens no debugger', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW } });
  await worker.said('ready');
  for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGWINCH', 'SIGTTIN', 'SIGTTOU', 'SIGUSR1'] as const)
    worker.kill(signal);
  t.is(await (await fetch(worker.url)).text(), 'quick');
  t.notRegex(worker.output, /Debugger listening/);
});

test.serial('USR1 opens the logs again, and captured output with them', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `export default (req, res) => { console.log('printed for', req.url); res.end(); }` },
    silent: true,
  });
  const errorlog = join(worker.directory, 'error.log');
  worker.boot({ settings: { errorlog, captureOutput: true } });
  await worker.said('ready');
  renameSync(errorlog, `${errorlog}.1`);
  worker.kill('SIGUSR1');
  while (!existsSync(errorlog)) await new Promise((resolve) => setImmediate(resolve));
  let text = '';
  while (!text.includes('printed for')) {
    await fetch(`${worker.url}/again`);
    text = readFileSync(errorlog, 'utf8');
  }
  t.regex(text, /printed for \/again/);
  t.regex(readFileSync(`${errorlog}.1`, 'utf8'), /Booting worker/);
});

test.serial('an application’s own TERM listener runs after its last request', async (t) => {
  const worker = startWorker(t, {
    files: {
      'app.ts': `process.on('SIGTERM', () => { console.log('listener'); process.exit(7); });
        ${SLOW.replace("res.end('slow')", "{ console.log('answered'); res.end('slow'); }")}`,
    },
  });
  await worker.said('ready');
  const answer = fetch(`${worker.url}/slow`).then((response) => response.text());
  await worker.printed(/started/);
  worker.kill('SIGTERM');
  await worker.said('draining');
  writeFileSync(join(worker.directory, 'go'), '');
  t.is(await answer, 'slow');
  t.is((await worker.exited).code, 0);
  await worker.printed(/Worker exiting/);
  t.deepEqual(worker.output.match(/answered|listener/g), ['answered', 'listener']);
});

test.serial('an exception that nobody caught is logged, and what is in flight still answered', async (t) => {
  const worker = startWorker(t, {
    files: {
      'app.ts': `export default (req, res) => {
        if (req.url === '/throw') setImmediate(function later() { throw new Error('from nowhere'); });
        setTimeout(() => res.end('done'), 100);
      };`,
    },
  });
  await worker.said('ready');
  t.is(await (await fetch(`${worker.url}/throw`)).text(), 'done');
  t.deepEqual(await worker.exited, { code: 1, signal: null });
  await worker.printed(
    /\[CRITICAL\] Uncaught exception \(pid: \d+\), leaving: Error: from nowhere\n\s+at .*later .*app\.ts/,
  );
});

test.serial('an application that listens to uncaughtException goes on', async (t) => {
  const worker = startWorker(t, {
    files: {
      'app.ts': `process.on('uncaughtException', () => console.log('handled'));
        export default (req, res) => { setImmediate(() => { throw new Error('x'); }); res.end('ok'); };`,
    },
  });
  await worker.said('ready');
  await fetch(worker.url);
  await worker.printed(/handled/);
  t.is(await (await fetch(worker.url)).text(), 'ok');
});

test.serial('a worker that served maxRequests asks once to be replaced and goes on', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW }, settings: { maxRequests: 3 } });
  await worker.said('ready');
  for (let count = 0; count < 6; count += 1) t.is(await (await fetch(worker.url)).text(), 'quick');
  t.is((await worker.said('recycle')).detail, '3 requests');
  t.is(worker.messages.filter(({ type }) => type === 'recycle').length, 1);
});

test.serial('a worker that is older than workerLifetime asks to be replaced', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': SLOW },
    settings: { workerLifetime: 0.1, timeout: 0.4 },
  });
  t.is((await worker.said('recycle')).reason, 'lifetime');
});

test.serial('a worker that takes more than maxWorkerMemory asks to be replaced', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': SLOW },
    settings: { maxWorkerMemory: 1, timeout: 0.4 },
  });
  t.regex((await worker.said('recycle')).detail, /^\d+ MB resident$/);
});

test.serial('an idle connection does not outlive a worker that was told to leave', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': SLOW }, settings: { gracefulTimeout: 0.3 } });
  await worker.said('ready');
  const client = connect(Number(new URL(worker.url).port));
  client.on('error', () => undefined);
  await once(client, 'connect');
  worker.kill('SIGTERM');
  t.is((await worker.exited).code, 0);
  client.destroy();
});
