import { childrenOf, eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

test('a configuration file that calls process.exit refuses the reload and leaves the server alone', async (t) => {
  const config = `if (process.seen) process.exit(0); process.seen = true; export default {};`;
  const server = await startServer(t, { app: APP, config, args: ['--log-level', 'debug'] });
  // It answers a moment before the arbiter hears of it.
  await server.waitFor('is ready');
  const [worker] = server.workers();
  server.signal('SIGHUP');
  await server.waitFor(/Reload failed, the workers that were serving go on.*process\.exit\(0\) was called/);
  t.is((await request(server.url)).text, String(worker));
  t.is((await server.stop()).code, 0);
});

test('exceptions of a timer and of a promise of the configuration file do not end the server', async (t) => {
  const config = `export default { whenReady() {
    setTimeout(() => { throw new Error('from a timer'); }, 50);
    Promise.reject(new Error('from a promise'));
  } };`;
  const server = await startServer(t, { app: APP, config });
  await server.waitFor('Uncaught exception in the arbiter, which goes on: Error: from a timer');
  await server.waitFor('Uncaught exception in the arbiter, which goes on: Error: from a promise', {
    from: 0,
  });
  t.is((await request(server.url)).status, 200);
  t.is((await server.stop()).code, 0);
});

test('a preFork hook that never ends does not keep the server from stopping', async (t) => {
  const config = `export default { preFork(server, { age }) { if (age > 1) return new Promise(() => {}); } };`;
  const server = await startServer(t, { app: APP, config, args: ['--workers', '2'] });
  t.is(server.workers().length, 1);
  t.is((await server.stop()).code, 0);
});

test('applications whose timers throw after every start are started again, once a second after the first five', async (t) => {
  const app = `setTimeout(() => { throw new Error('boom'); }, 200); ${APP}`;
  const server = await startServer(t, { app, until: 'listening' });
  const started = performance.now();
  // Doubling waits would have taken a minute.
  await server.waitFor('exited with code 1', { times: 12, timeoutMs: 45_000 });
  // Each death costs a second, of which five are free: the twelfth worker starts six seconds after the first death.
  t.true(performance.now() - started > 6000 + 200, 'one start a second');
});

const bad: readonly [title: string, text: string, reason: RegExp][] = [
  ['loops for ever', 'for (;;);', /Reload failed.*did not end within 2 s.*endless loop/],
  [
    'waits for ever',
    'await new Promise(() => {});',
    /Reload failed.*waits at its top level for a promise that nothing settles/,
  ],
  ['ends its process', 'process.exit(0);', /Reload failed.*ended its process with code 0/],
  ['kills its process', 'process.kill(process.pid, "SIGKILL");', /Reload failed.*by SIGKILL/],
  [
    'takes all memory',
    'const all = []; for (;;) all.push(new Array(1e6).fill(all.length));',
    /Reload failed.*MB/,
  ],
];

for (const [title, text, reason] of bad) {
  test.serial(
    `a configuration file that ${title} at a reload fails it, and the server goes on and ends`,
    async (t) => {
      const server = await startServer(t, {
        app: APP,
        config: `export default { bootTimeout: ${title === 'loops for ever' ? 2 : 30} };`,
      });
      const [worker] = server.workers();
      server.folder.write('gunicorn.conf.ts', `${text}\nexport default {};`);
      server.signal('SIGHUP');
      await server.waitFor(reason, { timeoutMs: 30_000 });
      t.is((await request(server.url)).text, String(worker));
      server.folder.write('gunicorn.conf.ts', 'export default { procName: "mended" };');
      const from = server.lines.length;
      server.signal('SIGHUP');
      await server.waitFor('Booting worker', { from });
      t.is((await server.stop()).code, 0);
    },
  );
}

test.serial(
  'while a configuration file loops, TERM ends the server, and HUP reads the mended file at once',
  async (t) => {
    const server = await startServer(t, { app: APP, config: 'export default {};' });
    const loop = 'console.error("begun"); for (;;);';
    server.folder.write('gunicorn.conf.ts', loop);
    server.signal('SIGHUP');
    await eventually(() => childrenOf(server.pid).length > 1);
    server.folder.write('gunicorn.conf.ts', 'export default { procName: "mended" };');
    server.signal('SIGHUP');
    await server.waitFor('Booting worker', { times: 2, from: 0 });
    t.deepEqual(server.matching(/Reload failed/), []);

    await eventually(() => childrenOf(server.pid).length === 1, 'the end of the old worker');
    server.folder.write('gunicorn.conf.ts', loop);
    server.signal('SIGHUP');
    await eventually(() => childrenOf(server.pid).length > 1);
    t.is((await server.stop()).code, 0);
    await eventually(() => server.processes().length === 0, 'the end of the process that loops');
  },
);

test.serial('what a configuration file prints at a reload appears once', async (t) => {
  const config = 'console.error("the file is read"); export default {};';
  const server = await startServer(t, { app: APP, config });
  const from = server.lines.length;
  server.signal('SIGHUP');
  await server.waitFor('Booting worker', { from });
  t.is(server.matching(/the file is read/, from).length, 1);
});
