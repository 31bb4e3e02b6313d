import { readFileSync } from 'node:fs';
import {
  freePort,
  eventually,
  isRunning,
  processesGone,
  request,
  childrenOf,
  type Folder,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APPLICATION, type Seen } from './application.ts';
import { exportIn, installed, project, run, start, type Outcome } from './export-command.ts';

const version = installed('supervisord', '--version');
const withSupervisor = version === undefined ? test.skip : test;
if (version === undefined)
  console.log('supervisord is not installed: what it makes of its program is not tested');

/** A real supervisord that runs what `gunicorn export` wrote for it. */
class Supervisor {
  readonly url: string;
  readonly #folder: Folder;

  constructor(folder: Folder, port: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
  }

  ctl(...words: string[]): Promise<Outcome> {
    return run('supervisorctl', ['-c', this.#folder.file('supervisord.conf'), ...words]);
  }

  /** Process id of the arbiter. */
  async pid(): Promise<number> {
    return Number((await this.ctl('pid', 'shop')).stdout);
  }

  log(): string {
    return readFileSync(this.#folder.file('shop.error.log'), 'utf8');
  }

  async answers(): Promise<void> {
    await eventually(
      async () => (await request(this.url).catch(() => undefined))?.status === 200,
      'an answer',
      30_000,
    );
  }
}

async function supervised(t: ExecutionContext): Promise<Supervisor> {
  const folder = project(t, { 'app.ts': APPLICATION });
  const port = await freePort();
  const exported = await exportIn(folder, [
    'supervisor',
    '--name',
    'shop',
    '-b',
    `127.0.0.1:${port}`,
    '-w',
    '2',
    '-e',
    'GREETING=100% "yes", it is',
    'app.ts',
  ]);
  t.is(exported.code, 0, exported.stderr);
  folder.write('shop.conf', exported.stdout.replaceAll('/var/log/supervisor/', `${folder.path}/`));
  folder.write('supervisord.conf', mainFile(folder.path));
  start(t, ['supervisord', '-n', '-c', folder.file('supervisord.conf')]);
  const supervisor = new Supervisor(folder, port);
  await supervisor.answers();
  return supervisor;
}

function mainFile(folder: string): string {
  return `
[unix_http_server]
file=${folder}/supervisor.sock
[supervisord]
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${folder}/supervisor.sock
[include]
files=${folder}/shop.conf
`;
}

withSupervisor('supervisord starts, restarts and stops the server', async (t) => {
  const supervisor = await supervised(t);
  await eventually(
    async () => (await supervisor.ctl('status', 'shop')).stdout.includes('RUNNING'),
    'RUNNING',
    20_000,
  );
  const seen = JSON.parse((await request(supervisor.url)).text) as Seen;
  t.is(seen.greeting, '100% "yes", it is');
  const first = await supervisor.pid();

  t.is((await supervisor.ctl('restart', 'shop')).code, 0);
  await supervisor.answers();
  const second = await supervisor.pid();
  t.not(second, first);
  t.false(isRunning(first));

  const workers = childrenOf(second);
  t.is(workers.length, 2);
  const slow = request(`${supervisor.url}/slow`);
  await eventually(() => supervisor.log().includes('Listening'), 'the log file');
  await eventually(
    async () => (await request(supervisor.url)).status === 200,
    'an answer beside the slow one',
  );
  t.is((await supervisor.ctl('stop', 'shop')).code, 0);
  t.is((await slow).text, 'done', 'a request in flight is finished');
  await processesGone([second, ...workers], 5000);
});

withSupervisor('supervisord starts a server again that was killed, and its orphans leave', async (t) => {
  const supervisor = await supervised(t);
  const first = await supervisor.pid();
  const workers = childrenOf(first);
  process.kill(first, 'SIGKILL');
  await processesGone([first, ...workers], 20_000);
  await supervisor.answers();
  t.not(await supervisor.pid(), first);
});

withSupervisor('a reload by the pid that supervisord knows replaces the workers', async (t) => {
  const supervisor = await supervised(t);
  const arbiter = await supervisor.pid();
  const before = childrenOf(arbiter);
  process.kill(arbiter, 'SIGHUP');
  await processesGone(before, 20_000);
  await supervisor.answers();
  t.is(await supervisor.pid(), arbiter);
});
