import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { controlSocketsIn } from '../../src/client/candidates.ts';
import { controlFolders, pidOfSocket, socketName, whyNotOurs } from '../../src/folders.ts';

test('the run directory of the unit comes first, and the temporary one last', (t) => {
  const env = { RUNTIME_DIRECTORY: '/run/site:/run/more', XDG_RUNTIME_DIR: '/run/user/5' };
  const paths = controlFolders(env, 5).map(({ path }) => path);
  t.deepEqual(paths.slice(0, 3), ['/run/site/gunicorn', '/run/more/gunicorn', '/run/user/5/gunicorn']);
  t.is(paths.at(-1), '/tmp/gunicorn-5');
});

test('root has a folder that needs no variable', (t) => {
  t.is(controlFolders({}, 0)[0]?.path, '/run/gunicorn');
  t.false(controlFolders({}, 5).some(({ path }) => path === '/run/gunicorn'));
});

test('a name holds what a path may hold, and the process id can be read from it', (t) => {
  t.is(socketName('mysite.wsgi:application', 7), 'mysite.wsgi-application.7.sock');
  t.is(socketName('../../etc/passwd', 7), 'etc-passwd.7.sock');
  t.is(socketName('ä/ö', 7), 'gunicorn.7.sock');
  t.is(socketName('x'.repeat(500), 7).length, 39);
  t.is(pidOfSocket('/run/gunicorn/mysite.3.7.sock'), 7);
  t.is(pidOfSocket('control.sock'), undefined);
});

test('a folder that somebody else could write to, or that is a link, is not used', (t) => {
  const base = mkdtempSync(join(tmpdir(), 'control-'));
  t.teardown(() => rmSync(base, { recursive: true }));
  const uid = process.geteuid?.() ?? -1;
  const folder = join(base, 'mine');
  mkdirSync(folder, { mode: 0o700 });
  t.is(whyNotOurs(folder, uid), undefined);
  t.regex(whyNotOurs(folder, uid + 1) ?? '', /belongs to the user/);
  chmodSync(folder, 0o770);
  t.regex(whyNotOurs(folder, uid) ?? '', /written to by others/);
  symlinkSync(folder, join(base, 'link'));
  t.is(whyNotOurs(join(base, 'link'), uid), 'is no folder');
  t.is(whyNotOurs(join(base, 'none'), uid), 'does not exist');
});

test("control sockets are found in the kernel's list by their names", (t) => {
  const list = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 17683 /run/gunicorn/site.wsgi.42.sock
0000000000000000: 00000003 00000000 00000000 0001 03 17684
0000000000000000: 00000002 00000000 00010000 0001 01 17685 @/run/gunicorn/fake.43.sock
0000000000000000: 00000002 00000000 00010000 0001 01 17686 /tmp/gunicorn-5/a b.44.sock
0000000000000000: 00000002 00000000 00010000 0001 01 17687 /tmp/gunicorn-5/app.ts.45.sock
0000000000000000: 00000002 00000000 00010000 0001 01 17688 /run/nginx.sock
`;
  t.deepEqual(controlSocketsIn(list), ['/run/gunicorn/site.wsgi.42.sock', '/tmp/gunicorn-5/app.ts.45.sock']);
});
