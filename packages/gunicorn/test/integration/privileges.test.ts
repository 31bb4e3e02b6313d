import { chmodSync, readFileSync, statSync } from 'node:fs';
import { request, startServer } from '@gunicorn-ts/test-kit';
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

for (const initgroups of [[], ['--initgroups']]) {
  asRoot(`workers run as user and group, and keep nothing of root ${initgroups.join()}`, async (t) => {
    const server = await startServer(t, {
      app: APP,
      args: ['--user', 'nobody', '--group', 'nogroup', ...initgroups],
      until: 'spawned',
    });
    chmodSync(server.folder.path, 0o755);
    await server.started('answering');
    const worker = ids(server.workers()[0] as number);
    t.is(worker.uid, four(NOBODY));
    t.is(worker.gid, four(NOBODY));
    t.false(worker.groups.split(' ').includes('0'), worker.groups);
    t.is(ids(server.pid).uid, four(0));
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
  await request(`${server.url}/logged`);
  await server.stop();
  t.regex(readFileSync(server.folder.file('access.log'), 'utf8'), /GET \/logged/);
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
