import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforePython, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APP } from './apps.ts';

const run = promisify(execFile);
const made = beforePython(test);

function withGunicorn(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  test(title, async (t) => {
    const environment = made();
    if (environment.kind === 'ready') return body(t);
    t.log(`skipped: ${environment.reason}`);
    t.pass();
    return undefined;
  });
}

/** Gunicorn's own client, as an operator calls it. */
async function gunicornc(
  server: Server,
  command: string,
): Promise<{ code: number; out: string; err: string }> {
  const environment = made();
  if (environment.kind === 'missing') throw new Error(environment.reason);
  const client = join(environment.folder, 'bin/gunicornc');
  try {
    const { stdout, stderr } = await run(client, ['-s', server.folder.file('ctl'), '-c', command]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

withGunicorn(`Gunicorn's own client looks at the server`, async (t) => {
  const args = ['--workers', '2', '--control-socket', 'ctl', '--log-level', 'debug'];
  const server = await startServer(t, { app: APP, args });
  await server.waitFor('is ready', { times: 2 });
  const all = await gunicornc(server, 'show all');
  t.regex(all.out, new RegExp(`ARBITER \\(master\\)\\n  PID: ${server.pid}\\n\\nWEB WORKERS \\(2\\)`));
  const workers = await gunicornc(server, 'show workers');
  for (const pid of server.workers()) t.regex(workers.out, new RegExp(`${pid} +\\d +yes +[\\d.]+s ago`));
  t.regex((await gunicornc(server, 'show stats')).out, /Workers target: +2\nWorkers spawned: +2/);
  t.regex((await gunicornc(server, 'show listeners')).out, /127\.0\.0\.1:\d+ +tcp/);
  t.regex(
    (await gunicornc(server, 'show config')).out,
    /proc_name: app\.ts\n[\s\S]*worker_class: sync\nworker_connections: 1000\nworkers: 2/,
  );
  t.regex((await gunicornc(server, 'show dirty')).out, /not running/);
  t.regex((await gunicornc(server, 'help')).out, /worker add \[N\]/);
  const wrong = await gunicornc(server, 'nonsense');
  t.like(wrong, { code: 1 });
  t.regex(wrong.err, /Error: Unknown command: nonsense/);
});

withGunicorn(`Gunicorn's own client changes the server`, async (t) => {
  const args = ['--workers', '1', '--control-socket', 'ctl', '--log-level', 'debug'];
  const server = await startServer(t, { app: APP, args });
  await server.waitFor('is ready');
  t.regex((await gunicornc(server, 'worker add')).out, /"total": 2/);
  await server.waitFor('is ready', { times: 2 });
  t.regex((await gunicornc(server, 'worker add 2')).out, /"total": 4/);
  await server.waitFor('is ready', { times: 4 });
  t.regex((await gunicornc(server, 'worker remove 3')).out, /"removed": 3/);
  await server.waitFor('has left', { times: 3 });
  t.regex((await gunicornc(server, 'reload')).out, /"status": "reloading"/);
  await server.waitFor('Reload complete');
  const [pid] = server.workers();
  t.regex((await gunicornc(server, `worker kill ${pid}`)).out, new RegExp(`"killed": ${pid}`));
  await server.waitFor(new RegExp(`Worker \\(pid:${pid}\\) has left|Worker exiting \\(pid: ${pid}\\)`));
  t.regex((await gunicornc(server, 'worker kill 1')).out, /"success": false/);
  t.regex((await gunicornc(server, 'reopen')).out, /"status": "reopening"/);
  t.regex((await gunicornc(server, 'shutdown')).out, /"mode": "graceful"/);
  t.is((await server.exit).code, 0);
});
