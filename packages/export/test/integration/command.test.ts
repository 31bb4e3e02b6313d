import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { exportIn, project, type Outcome } from './export-command.ts';

const UNITS = ['systemd', '--name', 'shop'];

/** One sentence for the operator, and nothing on stdout. */
function sentence({ stdout, stderr }: Outcome): string {
  if (stdout !== '') throw new Error(`stdout has ${stdout}`);
  return /^\n?Error: ([^\n]*(?:\n {2}[^\n]*)*)\n$/.exec(stderr)?.[1] ?? `not one sentence: ${stderr}`;
}

test('without a folder the files are printed', async (t) => {
  const folder = project(t);
  const { code, stdout } = await exportIn(folder, [...UNITS, 'app.ts']);
  t.is(code, 0);
  t.regex(stdout, /^# shop\.service\n\[Unit\]\n/);
  t.regex(stdout, /^# shop\.socket\n\[Unit\]\n/m);
  t.deepEqual(readdirSync(folder.path).toSorted(), ['app.ts', 'node_modules', 'package.json']);
});

test('--output writes files that everybody can read, and nothing beside them', async (t) => {
  const folder = project(t);
  const units = folder.file('new/units');
  const { code, stdout, stderr } = await exportIn(folder, [...UNITS, '--output', units, 'app.ts']);
  t.is(code, 0, stderr);
  t.is(stdout, `${units}/shop.service\n${units}/shop.socket\n`);
  t.deepEqual(readdirSync(units).toSorted(), ['shop.service', 'shop.socket']);
  t.is(statSync(`${units}/shop.service`).mode & 0o777, 0o644);
});

test('a folder that cannot be made is named, below /proc as well', async (t) => {
  const folder = project(t);
  for (const place of ['/proc/nowhere/units', folder.file('app.ts/units')]) {
    const outcome = await exportIn(folder, [...UNITS, '--output', place, 'app.ts']);
    t.is(outcome.code, 1, place);
    t.regex(sentence(outcome), new RegExp(`${place}.* cannot be written`));
  }
});

test('the unit starts Node.js itself, with the flags that were given, where the application is', async (t) => {
  const folder = project(t, { 'shop/app.ts': 'export default (_request, response) => response.end();\n' });
  const { stdout } = await exportIn(folder, [...UNITS, '--chdir', 'shop', '--workers=3', 'app.ts']);
  const start = /^ExecStart=(\S+) (\S+) (.*)$/m.exec(stdout);
  t.is(start?.[1], process.env['GUNICORN_TEST_NODE'] ?? process.execPath);
  t.regex(start?.[2] ?? '', /^\/.*\.js$/);
  t.is(start?.[3], `--name shop --workers=3 app.ts --chdir ${folder.file('shop')}`);
  t.true(stdout.includes(`WorkingDirectory=${folder.file('shop')}\n`));
});

test('variables that settings came from go into the unit, and secrets do not', async (t) => {
  const folder = project(t);
  const { code, stdout, stderr } = await exportIn(
    folder,
    [...UNITS, '-e', 'SECRET_KEY=hush', '-e', 'COLOUR=blue', 'app.ts'],
    { WEB_CONCURRENCY: '3', GUNICORN_CMD_ARGS: '--timeout 45', UNRELATED: '1' },
  );
  t.is(code, 0);
  for (const pair of ['WEB_CONCURRENCY=3', '"GUNICORN_CMD_ARGS=--timeout 45"', 'COLOUR=blue'])
    t.true(stdout.includes(`Environment=${pair}\n`), pair);
  t.notRegex(stdout, /hush|UNRELATED/);
  t.regex(stderr, /Warning: SECRET_KEY /);
});

test('the application is looked for and not run, in both languages, preloaded or not', async (t) => {
  const folder = project(t, {
    'app.ts':
      "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\nexport default () => {};\n",
    'shop.py': "open('ran', 'w')\ndef app(environ, start_response): ...\n",
  });
  for (const target of ['app.ts', 'shop:app']) {
    const { code, stderr } = await exportIn(folder, [...UNITS, '--preload', target]);
    t.is(code, 0, stderr);
    t.false(folder.has('ran'), target);
  }
});

test('--check says what differs, and succeeds when nothing does', async (t) => {
  const folder = project(t);
  const units = folder.file('units');
  const words = [...UNITS, '--graceful-timeout', '30', 'app.ts'];
  const nothing = await exportIn(folder, [...words, '--check', units]);
  t.is(nothing.code, 1);
  t.true(sentence(nothing).includes(units));

  t.is((await exportIn(folder, [...words, '--output', units])).code, 0);
  const same = await exportIn(folder, [...words, '--check', units]);
  t.deepEqual([same.code, same.stdout], [0, '']);

  const changed = readFileSync(`${units}/shop.service`, 'utf8').replace('KillMode=mixed', 'KillMode=process');
  folder.write('units/shop.service', changed);
  const differs = await exportIn(folder, [...words, '--check', units]);
  t.is(differs.code, 1);
  t.is(
    differs.stdout,
    `${units}/shop.service: - KillMode=process\n${units}/shop.service: + KillMode=mixed\n`,
  );
});

test('a change of the settings, and a file that is missing, are differences', async (t) => {
  const folder = project(t);
  t.is((await exportIn(folder, [...UNITS, '--output', 'units', 'app.ts'])).code, 0);
  // In the file, so that the command line of the unit stays the same.
  folder.write('gunicorn.conf.ts', 'export default { gracefulTimeout: 99 };');
  const changed = await exportIn(folder, [...UNITS, '--check', 'units', 'app.ts']);
  t.is(changed.code, 1);
  t.regex(changed.stdout, /units\/shop\.service: - TimeoutStopSec=40s/);
  t.regex(changed.stdout, /units\/shop\.service: \+ TimeoutStopSec=109s/);
  const missing = await exportIn(folder, ['nginx', '--name', 'shop', '--check', '.', 'app.ts']);
  t.is(missing.code, 1);
  t.is(missing.stdout, 'shop.conf is missing\nunknown-hosts.conf is missing\n');
});

test('the settings of gunicorn.conf.ts count, and its secrets stay there', async (t) => {
  const folder = project(t, {
    'gunicorn.conf.ts': `export default { app: 'app.ts', procName: 'shop', rawEnv: ['MODE=fast', 'API_TOKEN=hush'] };`,
  });
  const { stderr, stdout } = await exportIn(folder, ['systemd']);
  t.regex(stderr, /API_TOKEN looks like a secret/);
  t.regex(stdout, /^# shop\.service\n/);
  t.regex(stdout, /Environment=MODE=fast/);
  t.notRegex(stdout, /hush/);
});

test('settings may name folders and accounts that this machine does not have', async (t) => {
  const folder = project(t);
  const { code, stdout, stderr } = await exportIn(folder, [
    ...UNITS,
    '--user',
    'nobody-knows-me',
    '--group',
    'nor-us',
    '-b',
    'unix:/run/not-there/shop.sock',
    '--error-logfile',
    '/var/log/not-there/error.log',
    '--pid',
    '/run/not-there/pid',
    'app.ts',
  ]);
  t.is(code, 0, stderr);
  t.true(stdout.includes('User=nobody-knows-me\n'));
});

const MISTAKES: readonly (readonly [title: string, words: readonly string[], code: number, says: RegExp])[] =
  [
    ['no kind', [], 2, /systemd, nginx, apache, supervisor/],
    ['an unknown kind', ['iis', 'app.ts'], 2, /not "iis"/],
    ['an unknown flag', ['systemd', '--outptu', 'x', 'app.ts'], 2, /--outptu/],
    ['no target', ['systemd'], 1, /No application/],
    ['a target that does not exist', ['systemd', 'missing.ts'], 1, /missing\.ts/],
    [
      'a configuration file that does not exist',
      ['systemd', '-c', 'missing.conf.ts', 'app.ts'],
      1,
      /missing\.conf\.ts/,
    ],
    ['a setting with a wrong value', ['systemd', '--workers', 'many', 'app.ts'], 2, /workers.*many/],
    ['a daemon', ['systemd', '--daemon', '--error-logfile', '/tmp/log', 'app.ts'], 1, /daemon must be off/],
    [
      'a daemon under supervisord',
      ['supervisor', '--daemon', '--error-logfile', '/tmp/log', 'app.ts'],
      1,
      /daemon must be off/,
    ],
    [
      'groups that systemd gives',
      ['systemd', '--initgroups', '--user', 'daemon', 'app.ts'],
      1,
      /initgroups must be off/,
    ],
    ['a variable that a unit cannot carry', ['systemd', '-e', 'A.B=1', 'app.ts'], 1, /A\.B/],
    ['a user that a unit cannot carry', ['systemd', '--user', 'two\nlines', 'app.ts'], 1, /two\\nlines/],
    ['static files without a folder', ['nginx', '--static', '/static/', 'app.ts'], 2, /URL=DIR/],
    ['a server name that nginx cannot carry', ['nginx', '--server-name', 'a$b', 'app.ts'], 1, /a\$b/],
  ];

for (const [title, words, code, says] of MISTAKES) {
  test(`${title}: one sentence, and nothing is written`, async (t) => {
    const folder = project(t);
    const kind = words.slice(0, 1);
    const outcome = await exportIn(folder, [
      ...kind,
      ...(kind.length === 0 ? [] : ['--output', 'out']),
      ...words.slice(1),
    ]);
    t.is(outcome.code, code, outcome.stderr);
    t.regex(sentence(outcome), says);
    t.false(folder.has('out'));
  });
}

test('a folder that cannot be written to: one sentence, and nothing is half-written', async (t) => {
  const folder = project(t, { 'file/../taken': 'a file where a folder is to be' });
  const outcome = await exportIn(folder, [...UNITS, '--output', folder.file('taken'), 'app.ts']);
  t.is(outcome.code, 1);
  t.true(sentence(outcome).includes(folder.file('taken')));
});

test('where one file cannot be written, no other is', async (t) => {
  const folder = project(t, { 'units/shop.socket/keep': '', 'units/shop.service': 'as it was' });
  const outcome = await exportIn(folder, [...UNITS, '--output', 'units', 'app.ts']);
  t.is(outcome.code, 1);
  t.regex(sentence(outcome), /shop\.socket cannot be written/);
  t.deepEqual(readdirSync(folder.file('units')), ['shop.service', 'shop.socket']);
  t.is(readFileSync(folder.file('units/shop.service'), 'utf8'), 'as it was');
});

const asUser = process.getuid?.() === 0 ? test.skip : test;
asUser('a folder of somebody else: one sentence, and nothing is half-written', async (t) => {
  const folder = project(t, { 'units/old.service': '' });
  chmodSync(folder.file('units'), 0o555);
  const outcome = await exportIn(folder, [...UNITS, '--output', folder.file('units'), 'app.ts']);
  chmodSync(folder.file('units'), 0o755);
  t.is(outcome.code, 1);
  t.regex(sentence(outcome), /EACCES|permission/);
  t.deepEqual(readdirSync(folder.file('units')), ['old.service']);
});
