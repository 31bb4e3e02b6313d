import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { COMMAND, Folder } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const APP = `export default (request, response) => response.end('ok');`;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function exportFrom(folder: Folder, ...argv: readonly string[]): Ran {
  const ran = spawnSync(process.execPath, [COMMAND, 'export', ...argv], {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function project(t: ExecutionContext, files: Readonly<Record<string, string>> = {}): Folder {
  const folder = new Folder({ 'app.js': APP, ...files });
  t.teardown(() => folder.remove());
  return folder;
}

test('units are printed, both of them, with the flags of the server', (t) => {
  const { code, out } = exportFrom(project(t), 'systemd', '--workers', '3', '--name', 'shop', 'app.js');
  t.is(code, 0);
  t.regex(out, /^# shop\.service\n\[Unit\]/);
  t.regex(out, /\n# shop\.socket\n\[Unit\]/);
  t.regex(out, /ExecStart=\/\S+ \/\S+ --workers 3 --name shop app\.js\n/);
});

test('files are written and then found unchanged, and a change of the settings is told', (t) => {
  const folder = project(t);
  t.is(exportFrom(folder, 'systemd', '--name', 'shop', '--output', 'units', 'app.js').code, 0);
  t.deepEqual(readdirSync(folder.file('units')).sort(), ['shop.service', 'shop.socket']);
  const check = ['systemd', '--name', 'shop', '--check', 'units', 'app.js'];
  t.like(exportFrom(folder, ...check), { code: 0, out: '' });
  // In the file, so that the command line of the unit stays the same.
  folder.write('gunicorn.conf.ts', 'export default { gracefulTimeout: 99 };');
  const changed = exportFrom(folder, ...check);
  t.is(changed.code, 1);
  t.regex(changed.out, /units\/shop\.service: - TimeoutStopSec=40s/);
  t.regex(changed.out, /units\/shop\.service: \+ TimeoutStopSec=109s/);
});

test('a file that is missing is a difference', (t) => {
  const { code, out } = exportFrom(project(t), 'nginx', '--name', 'shop', '--check', '.', 'app.js');
  t.is(code, 1);
  t.is(out, 'shop.conf is missing\n');
});

for (const [what, argv, code, message] of [
  ['an application that does not exist', ['systemd', 'nosuch.js'], 1, /cannot find "nosuch\.js"/],
  ['something that cannot be exported', ['docker', 'app.js'], 2, /write one of systemd, nginx/],
  ['a folder that cannot be made', ['systemd', '--output', '/proc/units', 'app.js'], 1, /cannot be made/],
  [
    'a folder that is not there to compare with',
    ['systemd', '--check', 'nowhere', 'app.js'],
    1,
    /cannot be read/,
  ],
  ['a wrong setting', ['systemd', '--workers', 'many', 'app.js'], 2, /workers/],
  [
    'a value that the file cannot carry',
    ['nginx', '--server-name', 'a$b', 'app.js'],
    1,
    /server name: "a\$b"/,
  ],
] as const) {
  test(`${what} costs one sentence and exit code ${code}`, (t) => {
    const ran = exportFrom(project(t), ...argv);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
  });
}

test('nothing is left half-written where a file cannot be', (t) => {
  const folder = project(t, { 'units/shop.service/keep': '' });
  const { code, err } = exportFrom(folder, 'systemd', '--name', 'shop', '--output', 'units', 'app.js');
  t.is(code, 1);
  t.regex(err, /shop\.service cannot be written/);
  t.deepEqual(readdirSync(folder.file('units')), ['shop.service']);
});

test('the settings of gunicorn.conf.ts count, and its secrets stay there', (t) => {
  const folder = project(t, {
    'gunicorn.conf.ts': `export default { app: 'app.js', procName: 'shop', gracefulTimeout: 7, rawEnv: ['MODE=fast', 'API_TOKEN=hush'] };`,
  });
  const { err } = exportFrom(folder, 'systemd', '--output', 'units');
  t.regex(err, /API_TOKEN looks like a secret/);
  const text = readFileSync(folder.file('units/shop.service'), 'utf8');
  t.regex(text, /TimeoutStopSec=17s/);
  t.regex(text, /Environment=MODE=fast/);
  t.notRegex(text, /hush/);
});
