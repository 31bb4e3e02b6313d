import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  bootedSystemdMisses,
  type BootedSystemd,
  bootSystemd,
  Folder,
  freePort,
  request,
  startLoad,
} from '@gunicorn-ts/test-kit';
import ava, { type ExecutionContext } from 'ava';
import { saying } from './apps.ts';

const misses = bootedSystemdMisses();
const test = misses === undefined ? ava.serial : ava.serial.skip;
if (misses !== undefined) ava(`exported units are not tried under systemd: ${misses}`, (t) => t.pass());

const REPOSITORY = join(import.meta.dirname, '../../../..');
/** Where it is seen inside: a hardened unit has a /tmp of its own, and no /home. */
const INSIDE = '/srv/repository';
const NODE = process.execPath.startsWith(`${REPOSITORY}/`)
  ? join(INSIDE, relative(REPOSITORY, process.execPath))
  : process.execPath;
const COMMAND = `${INSIDE}/packages/gunicorn/dist/bin.js`;
const UNITS = '/run/systemd/system';

const WSGI = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'from Python']
`;

/** What an operator does: export in the folder of the application, enable, start. */
async function deploy(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  cwd = '/srv/project',
): Promise<{ systemd: BootedSystemd; url: string }> {
  const folder = new Folder(files);
  t.teardown(() => folder.remove());
  chmodSync(folder.path, 0o755);
  const systemd = await bootSystemd(t, [`${REPOSITORY}:${INSIDE}`, `${folder.path}:/srv/project`]);
  const address = `127.0.0.1:${await freePort()}`;
  const flags = ['--output', UNITS, '--name', 'shop', '--workers', '2', '--bind', address, ...args];
  const exported = await systemd.run('env', '-C', cwd, NODE, COMMAND, 'export', 'systemd', ...flags);
  t.is(exported.code, 0, exported.text);
  await systemd.must('daemon-reload');
  await systemd.must('enable', '--runtime', 'shop.service');
  const started = await systemd.systemctl('start', 'shop.socket', 'shop.service');
  t.is(started.code, 0, (await systemd.systemctl('status', 'shop.service')).text);
  return { systemd, url: `http://${address}` };
}

test('the exported, hardened unit serves a Node application through reloads and restarts', async (t) => {
  const { systemd, url } = await deploy(t, { 'app.ts': saying('from Node') }, ['app.ts']);
  t.is((await request(url)).text, 'from Node');
  t.regex((await systemd.systemctl('status', 'shop.service')).text, /Status: "2 workers ready"/);
  const load = startLoad({ url, newConnections: 2, keepAlive: 1, limitMs: 20_000 });
  for (const verb of ['reload', 'restart', 'reload', 'restart']) {
    await systemd.must(verb, 'shop.service');
    await load.more(20);
    await systemd.reached('shop.service', 'StatusText', '2 workers ready');
  }
  t.deepEqual((await load.stop()).failures, []);
  const main = await systemd.property('shop.service', 'MainPID');
  t.not((await systemd.run('stat', '-c', '%u', `/proc/${main}`)).text.trim(), '0');
  t.is(await systemd.property('shop.service', 'NRestarts'), '0');
  const kept = await systemd.run('find', '/var/cache/private/shop/gunicorn-ts', '-type', 'f');
  t.true(kept.text.split('\n').length > 10, kept.text);
});

test('the exported unit is scored 3.0 or better by systemd-analyze security', async (t) => {
  const { systemd } = await deploy(t, { 'app.ts': saying('from Node') }, ['app.ts']);
  const { text } = await systemd.run('systemd-analyze', 'security', '--offline=yes', `${UNITS}/shop.service`);
  const [line = '', score = ''] = /Overall exposure level for shop\.service: ([\d.]+)/.exec(text) ?? [];
  t.log(line);
  t.true(Number(score) <= 3 && score !== '', text.slice(-500));
});

test('a unix socket that systemd opens may lie where the service itself may not write', async (t) => {
  const { systemd } = await deploy(t, { 'app.ts': saying('from Node') }, [
    '--bind',
    'unix:/run/shop/http.sock',
    'app.ts',
  ]);
  for (const verb of ['reload', 'restart']) {
    await systemd.must(verb, 'shop.service');
    await systemd.reached('shop.service', 'StatusText', '2 workers ready');
  }
  const curl = ['curl', '-s', '--unix-socket', '/run/shop/http.sock', 'http://localhost/'];
  t.is((await systemd.run(...curl)).text, 'from Node');
});

const withPython = spawnSync('python3', ['-V']).status === 0 ? test : ava.serial.skip;

withPython('the exported, hardened unit serves a WSGI application', async (t) => {
  const { systemd, url } = await deploy(t, { 'shop.py': WSGI }, ['shop:application']);
  t.is((await request(url)).text, 'from Python');
  await systemd.must('restart', 'shop.service');
  t.is((await request(url)).text, 'from Python');
});

/** Django of Debian: a virtual environment would lie in a home that the unit does not see. */
const hasDjango = spawnSync('/usr/bin/python3', ['-c', 'import django']).status === 0;
const withDjango = hasDjango ? test : ava.serial.skip;
if (!hasDjango)
  ava('Django is not tried under systemd: python3-django of Debian is missing', (t) => t.pass());

withDjango('the exported, hardened unit serves Django, with its data in the StateDirectory', async (t) => {
  const python = ['--python', '/usr/bin/python3', '--env', 'PYTHONDONTWRITEBYTECODE=1'];
  const django = python.concat('--env', 'MYSITE_DATA=/var/lib/shop', 'mysite.wsgi:application');
  const { systemd, url } = await deploy(t, {}, django, `${INSIDE}/examples/django`);
  t.is((await request(`${url}/hello`)).text, 'Hello, world!');
  t.regex((await request(`${url}/admin/login/`)).text, /Django/);
  await systemd.must('reload', 'shop.service');
  t.is((await request(`${url}/hello`)).text, 'Hello, world!');
});
