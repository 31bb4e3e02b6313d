import { chmodSync, readFileSync } from 'node:fs';
import { childrenOf, eventually, Folder, openFiles, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APP } from './apps.ts';

const asRoot = process.getuid?.() === 0 ? test : test.skip;

/** A "node" that has a file open at descriptor 40, as whoever started it from such a shell. */
function nodeOfAShell(t: ExecutionContext): { readonly node: string; readonly foreign: string } {
  const folder = new Folder({ secret: '' });
  t.teardown(() => folder.remove());
  const foreign = folder.file('secret');
  folder.write('node', `#!/bin/bash\nexec 40>>'${foreign}'\nexec '${process.execPath}' "$@"\n`);
  chmodSync(folder.file('node'), 0o755);
  return { node: folder.file('node'), foreign };
}

/** Of each process below this one, down to the deepest. */
function openBelow(pid: number): string[] {
  return childrenOf(pid).flatMap((child) => [...openFiles(child), ...openBelow(child)]);
}

for (const [kind, files, target] of [
  ['JavaScript', { 'app.ts': APP }, 'app.ts'],
  [
    'Python',
    { 'wsgi.py': 'def app(e, start):\n    start("200 OK", [])\n    return [b"here"]\n' },
    'wsgi:app',
  ],
] as const) {
  test(`a descriptor that the shell left open reaches no process with ${kind}`, async (t) => {
    const { node, foreign } = nodeOfAShell(t);
    const server = await startServer(t, { node, files, args: [target] });
    t.is((await request(server.url)).status, 200);
    t.true(openFiles(server.pid).includes(foreign));
    t.false(openBelow(server.pid).includes(foreign));
  });

  asRoot(`what runs ${kind} for another user gains no rights by starting a program`, async (t) => {
    const server = await startServer(t, { files, args: ['--user', 'nobody', target], until: 'spawned' });
    chmodSync(server.folder.path, 0o755);
    await server.started('answering');
    const [worker] = server.workers();
    const processes = [worker!, ...childrenOf(worker!)];
    t.deepEqual(
      processes.map((pid) => /^NoNewPrivs:\s*(\d)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
      processes.map(() => '1'),
    );
  });
}

test('a log that is named by the number of a descriptor is written by workers', async (t) => {
  const { node, foreign } = nodeOfAShell(t);
  const server = await startServer(t, { node, app: APP, args: ['--access-logfile', '/dev/fd/40'] });
  await request(`${server.url}/logged`);
  await eventually(() => readFileSync(foreign, 'utf8').includes('GET /logged'));
  t.pass();
});
