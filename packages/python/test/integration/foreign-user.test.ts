import { chmodSync, lchownSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APPLICATION, pythonTest } from './serve.ts';

const NOBODY = 65_534;
const AS_NOBODY = ['--user', String(NOBODY), '--group', String(NOBODY)];

/** A test that needs root, who can be had to do what a user may not. */
const asRoot: typeof pythonTest = (title, run) =>
  process.geteuid?.() === 0 ? pythonTest(title, run) : test.skip(title, () => undefined);

/** A folder with an application that nobody can read, a secret of root, and a folder that is nobody's. */
function scene(t: ExecutionContext): Folder {
  const folder = new Folder({ 'shop.py': APPLICATION, 'log/empty': '', secret: 'of root' });
  t.teardown(() => folder.remove());
  chmodSync(folder.path, 0o755);
  chmodSync(folder.file('secret'), 0o600);
  lchownSync(folder.file('log'), NOBODY, NOBODY);
  return folder;
}

const ownFolders = (path: string): string[] =>
  readdirSync(path).filter((entry) => entry.startsWith('gunicorn-'));

asRoot('the folder of the master stays with root, and only its socket is given to the workers', async (t) => {
  const { path: cwd } = scene(t);
  const server = await startServer(t, {
    cwd,
    args: [...AS_NOBODY, '--worker-tmp-dir', cwd, '--preload', 'shop'],
  });
  t.is((await request(server.url)).status, 200);
  const folder = join(cwd, ownFolders(cwd)[0] ?? '');
  t.is(statSync(folder).uid, 0);
  t.is(statSync(folder).mode & 0o777, 0o711);
  const socket = statSync(join(folder, 'socket'));
  t.deepEqual([socket.uid, socket.gid, socket.mode & 0o777], [NOBODY, NOBODY, 0o600]);
  t.is((await server.stop()).code, 0);
  t.deepEqual(ownFolders(cwd), []);
});

asRoot('a master that is started anew follows no link that took the place of the error log', async (t) => {
  const folder = scene(t);
  const log = folder.file('log/error.log');
  const server = await startServer(t, {
    cwd: folder.path,
    args: [...AS_NOBODY, '--bind', '127.0.0.1:0', '--capture-output', '--error-logfile', log, 'shop'],
    until: 'spawned',
  });
  const logged = (file: string, text: string | RegExp): Promise<unknown> =>
    eventually(() => readFileSync(file, 'utf8').match(text) !== null);
  await eventually(() => readdirSync(folder.file('log')).includes('error.log'));
  await logged(log, 'Booting worker');
  const [, master = ''] = /master pid: (\d+)/.exec(readFileSync(log, 'utf8')) ?? [];
  renameSync(log, `${log}.1`);
  symlinkSync(folder.file('secret'), log);
  lchownSync(log, NOBODY, NOBODY);
  process.kill(Number(master), 'SIGKILL');
  await logged(`${log}.1`, 'could not be started anew');
  t.is(readFileSync(folder.file('secret'), 'utf8'), 'of root');
  t.is((await server.stop()).code, 0);
});
