import { processesGone, request, startLoad, type Load, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { pythonTest, servePython } from './serve.ts';

const WORKERS = 2;
const BOOTING = /Booting worker with pid/;
const PROCESS_SERVES = /Python process with pid: \d+ serves/;

async function underLoad(
  t: ExecutionContext,
  args: readonly string[],
): Promise<readonly [Server, Load, nothingLost: () => Promise<void>]> {
  const server = await servePython(t, [...args, '--workers', String(WORKERS)]);
  await server.waitFor(BOOTING, { times: WORKERS });
  const load = startLoad({ url: server.url, newConnections: 2, keepAlive: 4 });
  await load.more(50);
  const nothingLost = async (): Promise<void> => {
    await load.more(50);
    const { failures } = await load.stop();
    t.deepEqual(failures, []);
  };
  return [server, load, nothingLost];
}

for (const [name, args] of [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '3']],
  ['processes', ['-k', 'sync', '--processes', '2']],
] as const) {
  pythonTest(`${name}: reloads lose no request of a Python application`, async (t) => {
    const [server, , nothingLost] = await underLoad(t, args);
    for (let round = 0; round < 4; round += 1) {
      const before = server.workers();
      server.signal('SIGHUP');
      await processesGone(before, 30_000);
    }
    await nothingLost();
  });

  pythonTest(`${name}: recycling by maxRequests loses no request of a Python application`, async (t) => {
    const [server, , nothingLost] = await underLoad(t, [...args, '--max-requests', '150']);
    const [begins, atFirst] = name === 'processes' ? [PROCESS_SERVES, 2 * WORKERS] : [BOOTING, WORKERS];
    await server.waitFor(begins, { times: atFirst + 4, timeoutMs: 60_000 });
    await nothingLost();
  });

  pythonTest(`${name}: an upgrade by USR2 loses no request of a Python application`, async (t) => {
    const [server, load, nothingLost] = await underLoad(t, args);
    const from = server.lines.length;
    server.signal('SIGUSR2');
    await server.waitFor(BOOTING, { from, times: WORKERS });
    await load.more(50);
    server.signal('SIGTERM');
    t.is((await server.exit).code, 0);
    await nothingLost();
  });

  pythonTest(`${name}: a Python process that is killed while it is idle costs no request`, async (t) => {
    const server = await servePython(t, [...args, '--workers', String(WORKERS)]);
    await server.waitFor(BOOTING, { times: WORKERS });
    for (let round = 0; round < 3; round += 1) {
      const from = server.lines.length;
      process.kill(Number((await request(`${server.url}/pid`)).text), 'SIGKILL');
      await server.waitFor(/was killed by SIGKILL/, { from });
      const answers = await Promise.all(Array.from({ length: 10 }, () => request(server.url)));
      t.true(answers.every(({ status }) => status === 200));
    }
  });
}
