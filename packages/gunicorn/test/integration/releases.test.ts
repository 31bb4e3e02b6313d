import { readFileSync } from 'node:fs';
import { eventually, request, type Server } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { Releases } from './releases.ts';

const say = (release: number): string => `r.end(process.env.FROM + ', code ' + ${release})`;
const settings = (release: number, more = ''): string =>
  `{ rawEnv: ['FROM=settings ${release}'], pidfile: 'pid', accesslog: 'access.log', ${more} }`;

const LANGUAGES: readonly [name: string, app: string, files: (release: number) => Record<string, string>][] =
  [
    [
      'TypeScript',
      'main.ts',
      (n) => ({
        'main.ts': `import { answer } from './answer.ts';\nexport default (q: unknown, r: { end(text: string): void }) => answer(r);`,
        'answer.ts': `export const answer = (r: { end(text: string): void }) => ${say(n)};`,
        'gunicorn.conf.ts': `import { made } from './made.ts';\nexport default made as object;`,
        'made.ts': `export const made = ${settings(n)} as object;`,
      }),
    ],
    [
      'CommonJS',
      'main.cjs',
      (n) => ({
        'main.cjs': `module.exports = require('./answer.cjs');`,
        'answer.cjs': `module.exports = (q, r) => ${say(n)};`,
        'gunicorn.conf.cjs': `module.exports = require('./made.cjs');`,
        'made.cjs': `module.exports = ${settings(n)};`,
      }),
    ],
    [
      'JavaScript with hooks',
      'main.js',
      (n) => ({
        'package.json': '{ "type": "module" }',
        'main.js': `export default (q, r) => ${say(n)};`,
        'gunicorn.conf.js': `/* ${n} */ export default ${settings(n, `postFork() { console.log('hook of ${n}'); }`)};`,
      }),
    ],
  ];

type Way = readonly [
  name: string,
  (releases: Releases, app: string) => { cwd: string; args: readonly string[] },
];

const conf = (app: string): string => `gunicorn.conf${app.slice(app.lastIndexOf('.'))}`;

const WAYS: readonly Way[] = [
  ['cd current', ({ current }, app) => ({ cwd: current, args: [`./${app}`] })],
  [
    '--chdir and -c',
    ({ current }, app) => ({
      cwd: '/',
      args: ['--chdir', current, '-c', `${current}/${conf(app)}`, app],
    }),
  ],
  ['cd current, -c', ({ current }, app) => ({ cwd: current, args: ['-c', conf(app), app] })],
  [
    'paths through the link, from elsewhere',
    ({ folder }, app) => ({
      cwd: folder.path,
      args: ['-c', `current/${conf(app)}`, `./current/${app}`],
    }),
  ],
  [
    'absolute paths through the link',
    ({ current, folder }, app) => ({
      cwd: folder.path,
      args: ['-c', `${current}/${conf(app)}`, `${current}/${app}`],
    }),
  ],
];

const answer = async (server: Server): Promise<string> => (await request(server.url)).text;

for (const [language, app, files] of LANGUAGES) {
  // What differs between languages shows in the first two.
  for (const [way, start] of language === 'TypeScript' ? WAYS : WAYS.slice(0, 2)) {
    test.serial(
      `${language}, ${way}: HUP serves the release that the link leads to, and a worker before it the old one`,
      async (t) => {
        const releases = new Releases(t, files);
        const { cwd, args } = start(releases, app);
        const server = await releases.start(t, cwd, { args: [...args, '--log-level', 'debug'] });
        t.is(await answer(server), 'settings 1, code 1');

        releases.switchTo(2);
        let from = server.lines.length;
        process.kill(server.workers()[0] ?? 0, 'SIGTERM');
        await server.waitFor('is ready', { from });
        await server.waitFor('has left', { from });
        t.is(await answer(server), 'settings 1, code 1');

        from = server.lines.length;
        server.signal('SIGHUP');
        await server.waitFor('has left', { from });
        t.is(await answer(server), 'settings 2, code 2');

        releases.prune(1);
        from = server.lines.length;
        server.signal('SIGHUP');
        await server.waitFor('has left', { from });
        t.is(await answer(server), 'settings 2, code 2');
        t.deepEqual(server.matching(/ERROR|WARNING/), []);
      },
    );
  }
}

const plain = (n: number): Record<string, string> => ({
  'main.cjs': `module.exports = (q, r) => ${say(n)};`,
  'gunicorn.conf.cjs': `module.exports = ${settings(n)};`,
});

test.serial(
  'logs, the pid file and the unix socket of a release are those of the one that is served',
  async (t) => {
    const releases = new Releases(t, plain);
    const server = await releases.start(t, releases.current, {
      args: ['main.cjs', '--log-level', 'debug'],
      bind: ['127.0.0.1:0', 'unix:app.sock'],
    });
    const pid = (n: number): string => readFileSync(releases.folder.file(`releases/${n}/pid`), 'utf8').trim();
    t.is(pid(1), String(server.pid));
    releases.switchTo(2);
    server.signal('SIGHUP');
    await server.waitFor('has left');
    t.is(pid(2), String(server.pid));
    t.false(releases.folder.has('releases/1/pid'));
    const socket = `unix:${releases.folder.file('releases/2/app.sock')}:/`;
    t.is((await request(socket)).text, 'settings 2, code 2');
    await eventually(
      () => readFileSync(releases.folder.file('releases/2/access.log'), 'utf8') !== '',
      'a line in the log of release 2',
    );
    await server.stop();
    t.false(releases.folder.has('releases/2/pid'));
    t.false(releases.folder.has('releases/2/app.sock'));
  },
);

test.serial(
  'when the old release is gone before HUP, a replaced worker runs the new one, and the log says so once',
  async (t) => {
    const releases = new Releases(t, plain);
    const server = await releases.start(t, '/', {
      args: ['--chdir', releases.current, '-c', `${releases.current}/gunicorn.conf.cjs`, 'main.cjs'],
    });
    releases.switchTo(2);
    releases.prune(1);
    for (const code of ['settings 1, code 2', 'settings 1, code 2']) {
      const from = server.lines.length;
      process.kill(server.workers()[0] ?? 0, 'SIGKILL');
      await server.waitFor('Booting worker', { from });
      t.is(await answer(server), code);
    }
    t.is(server.matching(/releases\/1, which the settings were loaded from, is gone/).length, 1);
  },
);

test.serial('a chdir that the configuration file names is entered again', async (t) => {
  const releases = new Releases(t, plain);
  releases.folder.write(
    'gunicorn.conf.cjs',
    `module.exports = { chdir: 'current', ...require('./current/gunicorn.conf.cjs') };`,
  );
  const server = await releases.start(t, releases.folder.path, {
    args: ['main.cjs', '--log-level', 'debug'],
  });
  releases.switchTo(2);
  releases.prune(1);
  server.signal('SIGHUP');
  await server.waitFor('has left');
  t.is(await answer(server), 'settings 2, code 2');
});

test.serial(
  'HUP while the link leads nowhere keeps the old workers and says which folder is gone',
  async (t) => {
    const releases = new Releases(t, plain);
    const server = await releases.start(t, releases.current, { args: ['main.cjs'] });
    releases.switchTo(3);
    server.signal('SIGHUP');
    await server.waitFor(/Reload failed.*current is a link to releases\/3, which does not exist/);
    t.is(await answer(server), 'settings 1, code 1');
    const named = await releases.start(t, '/', {
      args: ['--chdir', releases.current, `${releases.folder.file('releases/1/main.cjs')}`],
      until: 'spawned',
    });
    await named.waitFor(/chdir must be a folder.*current is a link to releases\/3, which does not exist/);
  },
);

test.serial('USR2 starts the second arbiter in the release that the link leads to', async (t) => {
  const releases = new Releases(t, plain);
  const server = await releases.start(t, releases.current, { args: ['main.cjs'] });
  releases.switchTo(2);
  releases.prune(1);
  server.signal('SIGUSR2');
  await server.waitFor(/Upgrade: second arbiter started/);
  await server.waitFor('Booting worker', { times: 2, from: 0 });
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.is(await answer(server), 'settings 2, code 2');
});

for (const engine of ['inotify', 'poll']) {
  test.serial(`with reload a switched link is noticed, with the engine ${engine}`, async (t) => {
    const releases = new Releases(t, plain);
    const server = await releases.start(t, releases.current, {
      args: ['main.cjs', '--reload', '--reload-engine', engine, '--log-level', 'debug'],
    });
    // What to watch the arbiter hears before that, and with the first answers.
    await server.waitFor('is ready');
    t.is(await answer(server), 'settings 1, code 1');
    releases.switchTo(2);
    await eventually(async () => (await answer(server)) === 'settings 2, code 2');
    t.is((await server.stop()).code, 0);
  });
}
