import { readdirSync } from 'node:fs';
import { beforePython, eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const made = beforePython(test);

/** The recipe of prometheus_client's documentation for Gunicorn. */
const CONFIG = `from prometheus_client import multiprocess

def child_exit(server, worker):
    multiprocess.mark_process_dead(worker.pid)
    server.log.info("marked %d dead", worker.pid)
`;

const APP = `import os
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest, multiprocess

HITS = Counter("hits", "Requests")
LIVE = Gauge("live", "Processes that live", multiprocess_mode="livesum")
LIVE.set(1)

def application(environ, start_response):
    if environ["PATH_INFO"] == "/metrics":
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        body = generate_latest(registry)
    else:
        HITS.inc()
        body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
`;

async function metric(server: Server, name: string): Promise<number> {
  const { text } = await request(`${server.url}/metrics`);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Live gauges are files of a process, which go when it is marked dead. */
function liveFiles(server: Server): readonly string[] {
  return readdirSync(server.folder.file('metrics')).filter((name) => name.startsWith('gauge_live'));
}

for (const [name, ...flags] of [['sync'], ['gthread', '--threads', '2'], ['sync', '--preload']]) {
  const title = `${[name, ...flags].join(' ')}: prometheus_client counts over workers, those that were recycled, too`;
  test.serial(title, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind === 'missing') {
      t.log(`skipped: ${environment.reason}`);
      t.pass();
      return;
    }
    const python = ['--python', environment.python];
    const server = await startServer(t, {
      files: { 'web.py': APP, 'gunicorn.conf.py': CONFIG, 'metrics/.keep': '' },
      env: { PROMETHEUS_MULTIPROC_DIR: 'metrics' },
      args: [...python, '--worker-class', name!, ...flags, '--workers', '2', '--max-requests', '20', 'web'],
    });
    const pids = new Set<string>();
    let hits = 1;
    // Until every worker of the start has been replaced.
    for (; pids.size < 4; hits++) pids.add((await request(`${server.url}/`)).text);
    await server.waitFor(/marked \d+ dead/, { times: 2 });
    t.is(await metric(server, 'hits_total'), hits);
    for (const [, pid] of server.log().matchAll(/marked (\d+) dead/g))
      t.false(
        liveFiles(server).some((file) => file.includes(`_${pid}.`)),
        `a gauge of ${pid} is left`,
      );
    server.signal('SIGHUP');
    await server.waitFor(/Reload complete/);
    await eventually(async () => (await metric(server, 'live')) <= 2, 'the gauge of the processes that live');
    t.is(await metric(server, 'hits_total'), hits);
  });
}
