import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import {
  beforePython,
  eventually,
  Folder,
  freePort,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { adminUrl } from './admin-probe.ts';

const run = promisify(execFile);
const withPrometheus = test.macro({
  exec: async (t: ExecutionContext, program: string, work: (t: ExecutionContext) => Promise<void>) => {
    if (spawnSync(program, ['--version']).status === 0) return work(t);
    t.pass();
    t.log(`${program} is not installed, so that nobody but us has read /metrics`);
  },
  title: (title = '') => title,
});

/** A server of which some requests have failed, and what it says. */
async function failing(t: ExecutionContext): Promise<string> {
  const app = `export default (req, res) => { res.statusCode = req.url === '/no' ? 503 : 200; res.end('x'); };`;
  const server = await startServer(t, { app, args: ['--workers', '2', '--admin-bind', '127.0.0.1:0'] });
  const url = await adminUrl(server);
  await request(`${server.url}/no`);
  await eventually(async () => (await request(`${url}/metrics`)).text.includes('"503"'));
  return url;
}

for (const path of ['/metrics', '/metrics?workers=1']) {
  test(`promtool finds nothing to say about ${path}`, withPrometheus, 'promtool', async (t) => {
    const { text } = await request(`${await failing(t)}${path}`);
    const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    t.deepEqual([status, stderr, stdout], [0, '', '']);
  });
}

const PARSE = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps({f.name: [f.type, f.unit, len(f.samples)] for f in families}))
`;

const made = beforePython(test);

test('the OpenMetrics text is one to its strict parser', async (t) => {
  const python = made();
  if (python.kind === 'missing') {
    t.pass();
    t.log(python.reason);
    return;
  }
  const url = await failing(t);
  for (const path of ['/metrics', '/metrics?workers=1']) {
    const headers = { Accept: 'application/openmetrics-text; version=1.0.0' };
    const { text } = await request(`${url}${path}`, { headers });
    const parsing = run(python.python, ['-c', PARSE]);
    parsing.child.stdin?.end(text);
    const families = JSON.parse((await parsing).stdout) as Record<string, [string, string, number]>;
    t.like(families['http_server_request_duration_seconds'], { 0: 'histogram', 1: 'seconds' }, path);
    t.like(families['gunicorn_worker_busy_seconds'], { 0: 'counter', 1: 'seconds' }, path);
  }
});

/** Answers after a time that it says: waiting, or working. */
const LOADED = `
import { setTimeout as delay } from 'node:timers/promises';
export default async (req, res) => {
  const began = performance.now();
  if (req.url === '/wait') await delay(100);
  while (req.url === '/work' && performance.now() - began < 50);
  res.end(String(performance.now() - began));
};`;
const WORKERS = 2;
const WINDOW_S = 6;
/** What stands around the application's own time, and what a scrape does not catch. */
const TOLERANCE = 0.05;

/**
 * For how long the main threads of processes were ready to run and another thread had the processor. A worker is busy
 * then, but the application's clock sees it only where it is itself at work: beside other tests that is up to a sixth.
 */
function waitedForProcessors(pids: readonly number[]): number {
  const nanoseconds = pids.map((pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]));
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9;
}

/** A part of the time of one worker: a request, then a pause of the same length. Gives what the application says it took. */
async function loading(server: Server, path: string, until: AbortSignal): Promise<number> {
  let tookMs = 0;
  while (!until.aborted) {
    const took = Number((await request(`${server.url}${path}`)).text);
    tookMs += took;
    await delay(took);
  }
  return tookMs / 1000;
}

/** A real one, which looks at servers twice a second. Gives its address. */
async function scraping(t: ExecutionContext, targets: Readonly<Record<string, string>>): Promise<string> {
  const jobs = Object.entries(targets).map(
    ([job, url]) => `  - job_name: ${job}\n    static_configs: [{targets: ['${new URL(url).host}']}]\n`,
  );
  const folder = new Folder({
    'prometheus.yml': `global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n${jobs.join('')}`,
  });
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder.file('prometheus.yml')}`,
      `--storage.tsdb.path=${folder.file('data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: 'ignore', cwd: folder.path },
  );
  const exit = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exit;
    folder.remove();
  });
  const url = `http://${address}`;
  await eventually(async () => (await request(`${url}/-/ready`).catch(() => undefined))?.status === 200);
  return url;
}

async function query(prometheus: string, expression: string): Promise<number> {
  const { text } = await request(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = JSON.parse(text) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

test(
  'a real Prometheus finds the load that was put on, by busy seconds over workers',
  withPrometheus,
  'prometheus',
  async (t) => {
    const args = ['--workers', String(WORKERS), '--admin-bind', '127.0.0.1:0'];
    const sync = await startServer(t, { app: LOADED, args });
    const event = await startServer(t, { app: LOADED, args: [...args, '--worker-class', 'event'] });
    const prometheus = await scraping(t, { sync: await adminUrl(sync), event: await adminUrl(event) });
    await eventually(
      async () => (await query(prometheus, 'sum(gunicorn_workers{state="idle"})')) === 2 * WORKERS,
    );
    const end = new AbortController();
    const began = performance.now();
    const pids = [sync.workers(), event.workers()];
    const waitedBefore = pids.map(waitedForProcessors);
    const loads = [loading(sync, '/wait', end.signal), loading(event, '/work', end.signal)];
    // Behind the window, whose first samples are then of the load as well.
    await eventually(
      async () =>
        (await query(prometheus, `min(count_over_time(up[${WINDOW_S}s]))`)) > 0 &&
        performance.now() - began > (WINDOW_S + 1) * 1000,
      'a window of load',
    );
    const found = await Promise.all(
      ['sync', 'event'].map((job) =>
        query(
          prometheus,
          `sum(rate(gunicorn_worker_busy_seconds_total{job="${job}"}[${WINDOW_S}s])) / sum(gunicorn_workers{job="${job}",state=~"idle|busy|hung"})`,
        ),
      ),
    );
    end.abort();
    const busy = await Promise.all(loads);
    const share = (seconds: number): number => seconds / ((performance.now() - began) / 1000) / WORKERS;
    for (const [index, job] of ['sync', 'event'].entries()) {
      const put = share(busy[index]!);
      const waited = share(waitedForProcessors(pids[index]!) - waitedBefore[index]!);
      const said = `${job}: put on ${put.toFixed(3)}, found ${found[index]!.toFixed(3)}, waited for a processor ${waited.toFixed(3)}`;
      t.log(said);
      t.true(found[index]! > put * (1 - TOLERANCE), said);
      t.true(found[index]! < put * (1 + TOLERANCE) + waited, said);
    }
  },
);
