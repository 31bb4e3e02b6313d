import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const WSGI = `
def app(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [])
    return [str(len(body)).encode()]
`;
const LARGE = 3 * 1024 * 1024;
const KINDS = [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
  ['preloaded', ['-k', 'sync', '--preload']],
] as const;

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test.serial : test.skip;
const withMounts = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0 ? test.serial : test.skip;

/** That the server takes a body that does not stay in memory. */
async function takesLargeBody(t: ExecutionContext, url: string): Promise<void> {
  const { text } = await request(url, { method: 'POST', body: Buffer.alloc(LARGE) });
  t.is(text, String(LARGE));
}

for (const [name, args] of KINDS) {
  test.serial(`${name}: a TMPDIR that does not exist is passed over`, async (t) => {
    const env = { TMPDIR: '/does/not/exist', XDG_RUNTIME_DIR: '/nor/does/this' };
    const server = await startServer(t, { files: { 'wsgi.py': WSGI }, args: [...args, 'wsgi:app'], env });
    await takesLargeBody(t, server.url);
  });

  asRoot(`${name}: so is one that only root may enter, for workers of another user`, async (t) => {
    const hidden = new Folder({});
    t.teardown(() => hidden.remove());
    const server = await startServer(t, {
      files: { 'wsgi.py': WSGI },
      args: [...args, '--user', 'nobody', 'wsgi:app'],
      env: { TMPDIR: hidden.path, RUNTIME_DIRECTORY: hidden.path },
      until: 'spawned',
    });
    chmodSync(server.folder.path, 0o755);
    await server.started('answering');
    await takesLargeBody(t, server.url);
  });

  withMounts(`${name}: with every usual place read-only all goes to workerTmpDir`, async (t) => {
    const folder = new Folder({});
    const own = new Folder({});
    t.teardown(() => [folder, own].forEach((one) => one.remove()));
    const script = [
      `mount --bind '${own.path}' '${own.path}'`,
      ...['/tmp', '/var/tmp', '/dev/shm'].map(
        (place) => `mount --rbind ${place} ${place} && mount -o remount,ro,bind ${place}`,
      ),
      `exec '${process.execPath}' "$@"`,
    ].join(' && ');
    folder.write('mounted', `#!/bin/sh\n${script}\n`);
    folder.write('node', `#!/bin/sh\nexec unshare -m '${folder.file('mounted')}' "$@"\n`);
    for (const name of ['mounted', 'node']) chmodSync(folder.file(name), 0o755);
    const server = await startServer(t, {
      node: folder.file('node'),
      files: { 'wsgi.py': WSGI },
      args: [...args, '--worker-tmp-dir', own.path, 'wsgi:app'],
    });
    await takesLargeBody(t, server.url);
  });
}

test.serial('a start that ends while the application is being preloaded leaves nothing behind', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': 'import sys, time\nprint("loading", file=sys.stderr)\ntime.sleep(60)\n',
      'own/.keep': '',
    },
    args: ['--preload', '--worker-tmp-dir', 'own', 'wsgi:app'],
    until: 'spawned',
  });
  await server.waitFor('loading');
  t.is(readdirSync(server.folder.file('own')).length, 2);
  await server.stop();
  t.deepEqual(readdirSync(server.folder.file('own')), ['.keep']);
});
