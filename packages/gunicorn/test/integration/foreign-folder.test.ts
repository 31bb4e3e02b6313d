import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually, Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APP } from './apps.ts';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0 ? test.serial : test.skip;

/** A folder of another user, and a file that only root may write. */
function scene(t: ExecutionContext): { readonly theirs: string; readonly victim: string } {
  const folder = new Folder({ victim: 'precious' });
  t.teardown(() => folder.remove());
  chmodSync(folder.path, 0o755);
  chmodSync(folder.file('victim'), 0o600);
  mkdirSync(folder.file('theirs'));
  chownSync(folder.file('theirs'), NOBODY, NOBODY);
  return { theirs: folder.file('theirs'), victim: folder.file('victim') };
}

/** What a process of the folder's owner would do. */
function plant(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
  lchownSync(path, NOBODY, NOBODY);
}

for (const flag of ['--error-logfile', '--access-logfile']) {
  asRoot(`${flag}: a link in another user’s folder does not lead root to a file of its own`, async (t) => {
    const { theirs, victim } = scene(t);
    const log = join(theirs, 'app.log');
    plant(victim, log);
    const args = ['--user', 'nobody', flag, log, '--capture-output'];
    const server = await startServer(t, { app: APP, args, until: 'spawned' });
    t.is((await server.ended()).code, 1);
    t.regex(
      server.log(),
      /log '.*app\.log' cannot be written: ERR_FOREIGN_LINK, '.*app\.log' is a link of the user with id 65534/,
    );
    t.is(readFileSync(victim, 'utf8'), 'precious');
    t.is(statSync(victim).uid, 0);
  });
}

asRoot('nor does one that takes the place of a log before USR1', async (t) => {
  const { theirs, victim } = scene(t);
  const log = join(theirs, 'app.log');
  const args = ['--user', 'nobody', '--error-logfile', log, '--capture-output'];
  const server = await startServer(t, { app: APP, args, until: 'spawned' });
  chmodSync(server.folder.path, 0o755);
  const kept = `${log}.1`;
  await eventually(() => /Booting worker/.test(read(log)));
  t.is(statSync(log).uid, NOBODY);
  renameSync(log, kept);
  plant(victim, log);
  server.signal('SIGUSR1');
  await eventually(() => /is a link of the user with id 65534/.test(read(kept)));
  t.is(readFileSync(victim, 'utf8'), 'precious');
});

asRoot('nor for the pid file, or the file of a socket', async (t) => {
  const { theirs, victim } = scene(t);
  const args = ['--user', 'nobody', '--pid', join(theirs, 'app.pid')];
  plant(victim, join(theirs, 'app.pid'));
  const server = await startServer(t, {
    app: APP,
    args,
    until: 'spawned',
    bind: [`unix:${theirs}/app.sock`],
  });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  t.is(readFileSync(join(theirs, 'app.pid'), 'utf8'), `${server.pid}\n`);
  t.is(statSync(join(theirs, 'app.sock')).uid, NOBODY);
  // The owner of the folder puts links in their places: they are not ours to remove.
  for (const name of ['app.pid', 'app.sock']) plant(victim, join(theirs, name));
  t.is((await server.stop()).code, 0);
  t.is(readFileSync(victim, 'utf8'), 'precious');
  t.is(statSync(victim).uid, 0);
});

asRoot('nor does a socket get into a folder of root by the link of another user', async (t) => {
  const { theirs, victim } = scene(t);
  plant(dirname(victim), join(theirs, 'run'));
  const bind = [`unix:${join(theirs, 'run/app.sock')}`];
  const server = await startServer(t, { app: APP, args: ['--user', 'nobody'], until: 'spawned', bind });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /cannot listen on unix:.*'.*theirs\/run' is a link of the user with id 65534/);
  t.false(existsSync(join(dirname(victim), 'app.sock')));
});

asRoot('links that root made to the standard streams are logs, as in images for containers', async (t) => {
  const { theirs } = scene(t);
  // Pipes, as a container has them: the streams of a process that Node.js starts are sockets, which cannot be opened.
  const shell = new Folder({
    node: `#!/bin/bash\nexec > >(cat) 2> >(cat >&2)\nexec '${process.execPath}' "$@"\n`,
  });
  t.teardown(() => shell.remove());
  chmodSync(shell.file('node'), 0o755);
  symlinkSync('/dev/stdout', join(theirs, 'access.log'));
  symlinkSync('/proc/self/fd/2', join(theirs, 'error.log'));
  const args = [
    '--access-logfile',
    join(theirs, 'access.log'),
    '--error-logfile',
    join(theirs, 'error.log'),
    '--user',
    'nobody',
  ];
  const server = await startServer(t, { node: shell.file('node'), app: APP, args, until: 'spawned' });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  await request(`${server.url}/logged`);
  await server.waitFor(/GET \/logged/);
  t.pass();
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
