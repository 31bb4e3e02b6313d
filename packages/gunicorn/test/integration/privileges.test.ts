import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, statSync } from 'node:fs';
import { eventually, openFiles, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

// Node's own name for what every Debian has: an account without rights, and its group.
const NOBODY = 65534;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

/** Real, effective, saved and file-system id of a process; and its supplementary groups. */
function ids(pid: number): { uid: string; gid: string; groups: string } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? '';
  return { uid: field('Uid'), gid: field('Gid'), groups: field('Groups') };
}

const four = (id: number): string => `${id}\t${id}\t${id}\t${id}`;

asRoot('workers run as user and group, and keep nothing of root', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--user', 'nobody', '--group', 'nogroup'],
    until: 'spawned',
  });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  const worker = ids(server.workers()[0] as number);
  t.deepEqual(worker, { uid: four(NOBODY), gid: four(NOBODY), groups: String(NOBODY) });
  t.is(ids(server.pid).uid, four(0));
});

/** An account that /etc/group lists as a member of further groups. */
const member = /^[^:]*:[^:]*:(?<extra>\d+):(?<name>[^,:\n]+)/m.exec(
  readFileSync('/etc/group', 'utf8'),
)?.groups;
const withMember = member === undefined ? test.skip : asRoot;

for (const [flags, what] of [
  [['--initgroups'], 'initgroups gives workers the supplementary groups of user'],
  [[], 'without initgroups workers have no group but their own'],
] as const) {
  withMember(what, async (t) => {
    const server = await startServer(t, {
      app: APP,
      args: ['--user', member?.['name'] ?? '', ...flags],
      until: 'spawned',
    });
    chmodSync(server.folder.path, 0o755);
    await server.started('answering');
    const { uid, gid, groups } = ids(server.workers()[0] as number);
    const own = execFileSync('id', ['-G', member?.['name'] ?? ''], { encoding: 'utf8' })
      .trim()
      .split(' ');
    t.not(uid, four(0));
    t.deepEqual(groups.split(' ').sort(), flags.length > 0 ? own.sort() : [gid.split('\t')[0]]);
  });
}

asRoot('a unix socket belongs to the user of the workers', async (t) => {
  const server = await startServer(t, {
    app: APP,
    bind: ['unix:app.sock'],
    args: ['--user', 'nobody', '--umask', '0177'],
    until: 'spawned',
  });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  t.is(statSync(server.folder.file('app.sock')).uid, NOBODY);
});

asRoot('workers without rights write their logs, also after a rotation', async (t) => {
  const args = ['--user', 'nobody', '--access-logfile', 'access.log', '--log-file', '-'];
  const server = await startServer(t, { app: APP, args, until: 'spawned' });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  const file = server.folder.file('access.log');
  await request(`${server.url}/before`);
  await eventually(() => readFileSync(file, 'utf8').includes('GET /before'));
  renameSync(file, `${file}.1`);
  server.signal('SIGUSR1');
  await eventually(() => server.folder.has('access.log'));
  t.is(statSync(file).uid, NOBODY);
  // The arbiter makes the file before it tells the worker to open it.
  await eventually(() => openFiles(server.workers()[0] as number).includes(file));
  await request(`${server.url}/after`);
  await server.stop();
  t.regex(readFileSync(file, 'utf8'), /GET \/after/);
});

asRoot('hung workers without rights are seen: the heartbeat is theirs to touch', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--user', 'nobody', '--timeout', '2'],
    until: 'spawned',
  });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  const from = server.lines.length;
  for (let i = 0; i < 3; i++) await request(`${server.url}/slow`);
  t.is(server.matching(/WORKER TIMEOUT/, from).length, 0);
});
