import { startServer, type Server } from '@gunicorn-ts/test-kit';
import test from 'ava';

const APP = `console.log('worker ' + process.env.GUNICORN_WORKER + ' is ' + process.pid);
export default (q, r) => r.end();`;

/** Numbers of the workers that have been started from a line on, and the process that had each last. */
async function numbers(server: Server, times: number, from = 0): Promise<ReadonlyMap<string, number>> {
  await server.waitFor(/^worker \d+ is \d+/, { times, from });
  const lines = server.matching(/^worker \d+ is \d+/, from).map((line) => line.split(' '));
  return new Map(lines.map(([, number = '', , pid]) => [number, Number(pid)]));
}

test('workers are numbered from 1, and a replacement takes over the number of the worker that died', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--workers', '3'],
    env: { GUNICORN_WORKER: '17' },
  });
  const before = await numbers(server, 3);
  t.deepEqual([...before.keys()].toSorted(), ['1', '2', '3']);
  const from = server.lines.length;
  process.kill(before.get('2') ?? 0, 'SIGKILL');
  t.deepEqual([...(await numbers(server, 1, from)).keys()], ['2']);
});

test('after a reload with fewer workers the numbers go from 1 to their count', async (t) => {
  const config = (workers: number): string => `export default { workers: ${workers} };`;
  const server = await startServer(t, { app: APP, config: config(3) });
  await numbers(server, 3);
  const from = server.lines.length;
  server.folder.write('gunicorn.conf.ts', config(2));
  server.signal('SIGHUP');
  t.deepEqual([...(await numbers(server, 2, from)).keys()].toSorted(), ['1', '2']);
});
