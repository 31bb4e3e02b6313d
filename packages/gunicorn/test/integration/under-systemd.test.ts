import { join } from 'node:path';
import {
  bootedSystemdMisses,
  type BootedSystemd,
  bootSystemd,
  COMMAND,
  Folder,
  freePort,
  type LoadReport,
  request,
  startLoad,
} from '@gunicorn-ts/test-kit';
import ava, { type ExecutionContext } from 'ava';

const misses = bootedSystemdMisses();
const test = misses === undefined ? ava.serial : ava.serial.skip;
if (misses !== undefined) ava(`the server is not tried under systemd: ${misses}`, (t) => t.pass());

const REPOSITORY = join(import.meta.dirname, '../../../..');

const APP = `import { setTimeout as delay } from 'node:timers/promises';
export default async function app(request, response) {
  if (request.url === '/slow') await delay(1500);
  response.setHeader('X-Pid', process.pid);
  response.end(String(process.pid));
}
`;

interface Service {
  readonly systemd: BootedSystemd;
  readonly url: string;
  readonly folder: Folder;
}

/** Installs `app.service`, and with `socket` its socket unit; starts what is to be started first. */
async function install(
  t: ExecutionContext,
  options: { socket?: boolean; service?: string; args?: string } = {},
): Promise<Service> {
  const { socket = false, service = '', args = '' } = options;
  const folder = new Folder({ 'app.ts': APP });
  t.teardown(() => folder.remove());
  const systemd = await bootSystemd(t, [REPOSITORY, folder.path]);
  const address = `127.0.0.1:${await freePort()}`;
  await systemd.install({
    'app.service': `[Unit]
Description=the server under test
StartLimitIntervalSec=0
[Service]
Type=notify
WorkingDirectory=${folder.path}
ExecStart=${process.execPath} ${COMMAND} --workers 2 --bind ${address} ${args} app.ts
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
Restart=on-failure
RestartSec=100ms
TimeoutStopSec=35
${service}
`,
    ...(socket && {
      'app.socket': `[Unit]\nDescription=its socket\n[Socket]\nListenStream=${address}\n`,
    }),
  });
  await systemd.must('start', ...(socket ? ['app.socket'] : []), 'app.service');
  return { systemd, folder, url: `http://${address}` };
}

function nothingFailed(t: ExecutionContext, report: LoadReport): void {
  t.deepEqual(report.failures, []);
  t.log(`${report.requests} requests, the slowest took ${Math.round(report.slowestMs)} ms`);
}

test('the service is active when its workers are ready, and its status counts them', async (t) => {
  const { systemd, url } = await install(t);
  t.is((await request(url)).status, 200);
  const { text } = await systemd.systemctl('status', 'app.service');
  t.regex(text, /Active: active \(running\)/);
  t.regex(text, /Status: "2 workers ready"/);
  await systemd.must('kill', '--kill-who=main', '--signal=TTIN', 'app.service');
  await systemd.reached('app.service', 'StatusText', '3 workers ready');
  t.pass();
});

test('an application that does not load fails the start', async (t) => {
  const { systemd, folder } = await install(t);
  await systemd.must('stop', 'app.service');
  folder.write('app.ts', 'throw new Error("bad release");');
  t.not((await systemd.systemctl('start', 'app.service')).code, 0);
  t.regex(await systemd.property('app.service', 'StatusText'), /Ended with exit code 3|Starting/);
});

test('8 reloads under load lose no request', async (t) => {
  t.timeout(240_000);
  const { systemd, url } = await install(t);
  const load = startLoad({ url, newConnections: 2, keepAlive: 2 });
  for (let count = 1; count <= 8; count++) {
    const before = systemd.log.split('Booting worker').length;
    await systemd.must('reload', 'app.service');
    while (systemd.log.split('Booting worker').length < before + 2) await load.more(1);
    await systemd.reached('app.service', 'StatusText', '2 workers ready');
  }
  await load.more(20);
  nothingFailed(t, await load.stop());
  t.is(await systemd.property('app.service', 'NRestarts'), '0');
});

test('5 restarts with a socket unit under load refuse and lose no request', async (t) => {
  const { systemd, url } = await install(t, { socket: true });
  const load = startLoad({ url, newConnections: 2, keepAlive: 2, limitMs: 20_000 });
  for (let count = 1; count <= 5; count++) {
    await systemd.must('restart', 'app.service');
    await load.more(10);
  }
  nothingFailed(t, await load.stop());
});

test('a worker that is killed is replaced, and the service stays active', async (t) => {
  const { systemd, url } = await install(t);
  const main = await systemd.property('app.service', 'MainPID');
  const victim = (await request(url)).text;
  t.is((await systemd.run('kill', '-KILL', victim)).code, 0);
  while ((await request(url)).text === victim);
  await systemd.reached('app.service', 'StatusText', '2 workers ready');
  t.is(await systemd.property('app.service', 'MainPID'), main);
});

test('an arbiter that is killed is started again', async (t) => {
  const { systemd, url } = await install(t);
  const main = await systemd.property('app.service', 'MainPID');
  await systemd.run('kill', '-KILL', main);
  await systemd.reached('app.service', 'NRestarts', '1');
  await systemd.reached('app.service', 'StatusText', '2 workers ready');
  t.not(await systemd.property('app.service', 'MainPID'), main);
  t.is((await request(url)).status, 200);
});

test('an arbiter that stands still is started again by the watchdog', async (t) => {
  const { systemd, url } = await install(t, { service: 'WatchdogSec=4\nTimeoutAbortSec=2' });
  const main = await systemd.property('app.service', 'MainPID');
  await systemd.run('kill', '-STOP', main);
  await systemd.reached('app.service', 'NRestarts', '1');
  await systemd.reached('app.service', 'StatusText', '2 workers ready');
  t.not(await systemd.property('app.service', 'MainPID'), main);
  t.is((await request(url)).status, 200);
});

test('the watchdog leaves a service alone that lives', async (t) => {
  const { systemd, url } = await install(t, { service: 'WatchdogSec=2' });
  const load = startLoad({ url, newConnections: 1 });
  const since = performance.now();
  while (performance.now() - since < 7000) await load.more(10);
  nothingFailed(t, await load.stop());
  t.is(await systemd.property('app.service', 'NRestarts'), '0');
});

test('a stop lets a request finish, and is over long before systemd would kill', async (t) => {
  const { systemd, url } = await install(t);
  const slow = request(`${url}/slow`);
  await request(url);
  const began = performance.now();
  await systemd.must('stop', 'app.service');
  t.true(performance.now() - began < 15_000);
  t.is((await slow).status, 200);
  t.is(await systemd.property('app.service', 'Result'), 'success');
});

test('an upgrade by USR2 stays one service, with the second arbiter as its main process', async (t) => {
  // By itself systemd would not wait in the stop below for a main process that was not its child when it was named, which
  // no second arbiter is, and would kill the workers at once.
  const { systemd, url } = await install(t, {
    service: `ExecStop=-${process.execPath} ${COMMAND} stop -p \${MAINPID}\nWatchdogSec=4\nTimeoutAbortSec=2`,
  });
  const first = await systemd.property('app.service', 'MainPID');
  const load = startLoad({ url, newConnections: 1, keepAlive: 2 });
  await systemd.run('kill', '-USR2', first);
  while (systemd.log.split('Booting worker').length < 5) await load.more(1);
  await systemd.run('kill', '-TERM', first);
  await systemd.reached('app.service', 'MainPID', new RegExp(`^(?!${first}$)\\d+$`));
  const second = await systemd.property('app.service', 'MainPID');
  await systemd.reached('app.service', 'StatusText', '2 workers ready');
  // Longer than the watchdog grants: it is the second arbiter that it hears now.
  const since = performance.now();
  while (performance.now() - since < 9000) await load.more(5);
  nothingFailed(t, await load.stop());
  t.is(await systemd.property('app.service', 'MainPID'), second);
  t.is(await systemd.property('app.service', 'NRestarts'), '0');
  t.is(await systemd.property('app.service', 'ActiveState'), 'active');
  const slow = request(`${url}/slow`);
  await request(url);
  await systemd.must('stop', 'app.service');
  t.is((await slow).status, 200);
  t.is(await systemd.property('app.service', 'Result'), 'success');
});
