import {
  beforePython,
  type Load,
  processesGone,
  type Server,
  startLoad,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { makeSite, project } from './site.ts';

const WORKERS = 2;
const BOOTING = /Booting worker with pid/;

const made = beforePython(test);

interface Loaded {
  readonly server: Server;
  readonly load: Load;
  nothingLost(): Promise<void>;
}

async function underLoad(t: ExecutionContext, python: string, args: readonly string[]): Promise<Loaded> {
  const server = await startServer(t, {
    cwd: project,
    env: await makeSite(t, python),
    args: ['--python', python, '--workers', String(WORKERS), ...args, 'mysite.wsgi:application'],
  });
  await server.waitFor(BOOTING, { times: WORKERS });
  const load = startLoad({ url: server.url, path: '/hello', newConnections: 2, keepAlive: 2 });
  await load.more(50);
  return {
    server,
    load,
    async nothingLost() {
      await load.more(50);
      const { failures, requests } = await load.stop();
      t.deepEqual(failures, []);
      t.log(`${requests} requests`);
    },
  };
}

/** With a Python that has Django, or says why there is none. */
function djangoTest(title: string, play: (t: ExecutionContext, python: string) => Promise<void>): void {
  test.serial(title, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind === 'missing') {
      t.log(`skipped: ${environment.reason}`);
      t.pass();
      return;
    }
    await play(t, environment.python);
  });
}

for (const [name, args] of [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '3']],
] as const) {
  djangoTest(`${name}: reloads lose no request of Django`, async (t, python) => {
    const { server, nothingLost } = await underLoad(t, python, args);
    for (let round = 0; round < 3; round += 1) {
      const before = server.workers();
      server.signal('SIGHUP');
      await processesGone(before, 30_000);
    }
    await nothingLost();
  });

  djangoTest(`${name}: recycling by maxRequests loses no request of Django`, async (t, python) => {
    const { server, nothingLost } = await underLoad(t, python, [...args, '--max-requests', '150']);
    await server.waitFor(BOOTING, { times: WORKERS + 3, timeoutMs: 60_000 });
    await nothingLost();
  });

  djangoTest(`${name}: an upgrade by USR2 loses no request of Django`, async (t, python) => {
    const { server, load, nothingLost } = await underLoad(t, python, args);
    const from = server.lines.length;
    server.signal('SIGUSR2');
    await server.waitFor(BOOTING, { from, times: WORKERS });
    await load.more(50);
    server.signal('SIGTERM');
    t.is((await server.exit).code, 0);
    await nothingLost();
  });
}

djangoTest('sync: a killed neighbour costs no request of Django', async (t, python) => {
  const { server, load, nothingLost } = await underLoad(t, python, ['-k', 'sync']);
  const [victim = 0] = server.workers();
  await load.hold();
  const from = server.lines.length;
  process.kill(victim, 'SIGKILL');
  load.release();
  await server.waitFor(BOOTING, { from });
  await nothingLost();
});
