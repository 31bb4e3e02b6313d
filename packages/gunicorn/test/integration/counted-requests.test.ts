import { eventually, request, startLoad, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { adminUrl, Metrics } from './admin-probe.ts';

const APP = `
export default (req, res) => { if (req.url === '/missing') res.statusCode = 404; res.end(String(process.pid)); };`;

/** The first request was that of the test-kit. */
async function afterProbe(url: string): Promise<Metrics> {
  await eventually(async () => (await Metrics.of(url)).requests === 1);
  return Metrics.of(url);
}

for (const workerClass of ['sync', 'event']) {
  test.serial(
    `${workerClass}: what is counted is what was answered, also when workers are killed, and never less than before`,
    async (t) => {
      const server = await startServer(t, {
        app: APP,
        args: ['--workers', '2', '--worker-class', workerClass, '--admin-bind', '127.0.0.1:0'],
      });
      const url = await adminUrl(server);
      await eventually(async () => (await Metrics.of(url)).of('gunicorn_workers{state="idle"}') === 2);
      const begun = await afterProbe(url);
      const load = startLoad({ url: server.url, newConnections: 4 });
      let last = begun;
      const looked: string[] = [];
      for (let kills = 0; kills < 3; kills++) {
        await load.more(150);
        const [victim] = server.workers();
        process.kill(victim!, 'SIGKILL');
        await load.more(50);
        await server.waitFor(/was sent SIGKILL/, { times: kills + 1 });
        await eventually(async () => {
          const now = await Metrics.of(url);
          looked.push(...now.lessThan(last));
          last = now;
          return now.of('gunicorn_workers{state="idle"}') + now.of('gunicorn_workers{state="busy"}') === 2;
        });
      }
      const { requests, failures } = await load.stop();
      const answered = requests - failures.length;
      // Between the last byte of an answer and the store that counts it, a worker can be killed: then it counts as lost.
      const missing = async (): Promise<number> => {
        last = await Metrics.of(url);
        return answered - (last.requests - begun.requests);
      };
      const lost = (): number => last.of('gunicorn_requests_aborted_total{by="worker_death"}');
      await eventually(async () => (await missing()) <= lost());
      t.true((await missing()) >= 0, 'more is counted than was answered');
      t.deepEqual(looked, []);
      t.true(lost() <= 3 * 4);
      t.is(last.of('gunicorn_worker_exits_total{cause="signal"}'), 3);
    },
  );

  test.serial(`${workerClass}: every kind of end is counted as what it is`, async (t) => {
    const server = await startServer(t, {
      app: APP,
      args: ['--worker-class', workerClass, '--admin-bind', '127.0.0.1:0'],
    });
    const url = await adminUrl(server);
    const before = await afterProbe(url);
    await request(`${server.url}/missing`);
    await request(server.url, { method: 'HEAD' });
    await request(server.url, { headers: { 'X-Large': 'x'.repeat(20_000) } }).catch(() => undefined);
    let after = before;
    // A refusal is counted when it has been written, which its client may see first.
    await eventually(async () => {
      after = await Metrics.of(url);
      return after.requests === before.requests + 2 && after.of('gunicorn_requests_refused_total') > 0;
    });
    const count = (method: string, status: number): number =>
      after.of(
        `http_server_request_duration_seconds_count{http_request_method="${method}",http_response_status_code="${status}",url_scheme="http"}`,
      );
    t.is(count('GET', 404), 1);
    t.is(count('HEAD', 200), 1);
    t.is(after.of('gunicorn_requests_refused_total'), 1);
    t.is(
      after.of('gunicorn_connections_accepted_total') - before.of('gunicorn_connections_accepted_total'),
      3,
    );
    t.true(after.of('gunicorn_received_bytes_total') > 100 && after.of('gunicorn_sent_bytes_total') > 100);
    t.is(after.of('gunicorn_connections'), 0);
  });
}

test.serial('without metrics nothing is counted, and all is served', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--no-metrics', '--admin-bind', '127.0.0.1:0'] });
  const url = await adminUrl(server);
  t.is((await request(server.url)).status, 200);
  t.is((await Metrics.of(url)).requests, 0);
  t.is((await Metrics.of(url)).of('gunicorn_workers{state="idle"}'), 1);
});

test.serial(
  'how long requests have waited is told by the kernel, and by the header of a trusted peer alone',
  async (t) => {
    const app = `export default (req, res) => {
    const end = Date.now() + (req.url === '/slow' ? 400 : 0);
    while (Date.now() < end);
    res.end('x');
  };`;
    const waits = async (url: string, source: string): Promise<readonly [count: number, sum: number]> => {
      const metrics = await Metrics.of(url);
      return [
        metrics.of(`gunicorn_queue_seconds_count{source="${source}"}`),
        metrics.of(`gunicorn_queue_seconds_sum{source="${source}"}`),
      ];
    };
    const headers = { 'X-Request-Start': `t=${(Date.now() - 2000) / 1000}` };
    const trusting = await startServer(t, { app, args: ['--admin-bind', '127.0.0.1:0'] });
    const url = await adminUrl(trusting);
    await request(trusting.url, { headers });
    await eventually(async () => (await waits(url, 'header'))[0] === 1);
    t.true((await waits(url, 'header'))[1] >= 2);
    // One of 16 connections is asked, and nearly all of these wait for the slow one.
    await Promise.all(
      ['/slow', ...Array.from({ length: 20 }, () => '/')].map((path) => request(`${trusting.url}${path}`)),
    );
    await eventually(async () => (await waits(url, 'tcp'))[0] >= 2);
    t.true((await waits(url, 'tcp'))[1] >= 0.05);
    const wary = await startServer(t, {
      app,
      args: ['--admin-bind', '127.0.0.1:0', '--forwarded-allow-ips', '192.0.2.1'],
    });
    const other = await adminUrl(wary);
    await request(wary.url, { headers });
    await eventually(async () => (await Metrics.of(other)).requests === 2);
    t.is((await waits(other, 'header'))[0], 0);
  },
);
