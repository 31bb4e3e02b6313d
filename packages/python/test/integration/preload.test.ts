import { eventually, isRunning, request, startServer } from '@gunicorn-ts/test-kit';
import { pythonTest, servePython } from './serve.ts';

const APP = `import os

LOADED_IN = os.getpid()
WORD = "old"


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{WORD} {LOADED_IN} {os.getpid()}".encode()]
`;

const answer = async (url: string): Promise<readonly string[]> => (await request(url)).text.split(' ');

for (const [name, args] of [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
] as const) {
  pythonTest(`${name}: preload imports the application once, and a reload imports it anew`, async (t) => {
    const server = await startServer(t, {
      files: { 'shop.py': APP },
      args: [...args, '--preload', '--workers', '2', 'shop'],
    });
    const [, loadedIn = '', pid = ''] = await answer(server.url);
    t.not(loadedIn, pid);
    process.kill(Number(pid), 'SIGKILL');
    await eventually(async () => (await answer(server.url))[2] !== pid);
    t.is((await answer(server.url))[1], loadedIn);

    server.folder.write('shop.py', APP.replace('old', 'new'));
    server.signal('SIGHUP');
    await eventually(async () => (await answer(server.url))[0] === 'new');
    await eventually(() => !isRunning(Number(loadedIn)));
    const [, loadedLater = '', pidLater = ''] = await answer(server.url);
    t.is((await server.stop()).code, 0);
    await eventually(() => !isRunning(Number(loadedLater)) && !isRunning(Number(pidLater)));
  });
}

pythonTest(
  'with preload an application that does not import stops the start, and a reload keeps the old',
  async (t) => {
    const failing = await startServer(t, {
      files: { 'shop.py': '1 / 0\n' },
      args: ['--preload', 'shop'],
      until: 'spawned',
    });
    t.is((await failing.exit).code, 3);
    t.regex(failing.log(), /ZeroDivisionError/);
    const server = await startServer(t, { files: { 'shop.py': APP }, args: ['--preload', 'shop'] });
    server.folder.write('shop.py', '1 / 0\n');
    server.signal('SIGHUP');
    await server.waitFor(/ZeroDivisionError/);
    t.is((await answer(server.url))[0], 'old');
  },
);

pythonTest('with preload a process that hangs is answered 504, with its Python stacks', async (t) => {
  const server = await servePython(t, ['-k', 'sync', '--preload', '--timeout', '2']);
  t.is((await request(`${server.url}/hang`)).status, 504);
  await server.waitFor(/in wait_for_something_that_never_comes/);
  t.is((await request(server.url)).text, 'hello');
});

/** Writes what is no message to every socket that the process has. */
const LOUD = `${APP}
for fd in os.listdir("/proc/self/fd"):
    try:
        if os.readlink(f"/proc/self/fd/{fd}").startswith("socket"):
            os.write(int(fd), b"\\xff\\n" * 100000)
    except OSError:
        pass
`;

for (const [title, args, line] of [
  ['in the master', ['--preload'], /The Python master .* where it talks with the arbiter: it is ended/],
  [
    'in the process of a worker',
    [],
    /The Python process sent a frame .* where it tells of itself: it is ended/,
  ],
] as const) {
  pythonTest(
    `code that writes to descriptors it did not open ${title} costs that process alone`,
    async (t) => {
      const server = await startServer(t, { files: { 'shop.py': APP }, args: [...args, 'shop'] });
      const [, loadedIn = '', pid = ''] = await answer(server.url);
      server.folder.write('shop.py', LOUD);
      server.signal('SIGHUP');
      await server.waitFor(line);
      await server.waitFor('Reload failed, the workers that were serving go on unchanged');
      t.deepEqual(server.matching(/Uncaught exception/), []);
      t.is(server.matching(line).length, 1);
      t.deepEqual((await answer(server.url)).slice(1), [loadedIn, pid]);
    },
  );
}
