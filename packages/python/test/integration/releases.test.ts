import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { Folder, request, startServer } from '@gunicorn-ts/test-kit';
import { pythonTest } from './serve.ts';

const app = (n: number): string => `import os


def application(environ, start_response):
    from shop import late
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.environ['FROM']}, code ${n}, {late.WORD}, {os.getcwd()[-10:]}".encode()]
`;

const conf = (n: number): string => `raw_env = ["FROM=settings ${n}"]


def post_fork(server, worker):
    print("hook of ${n}", flush=True)
`;

/** Modules that are imported late show whether a worker mixes two releases. */
const files = (n: number): Record<string, string> => ({
  'shop/__init__.py': '',
  'shop/wsgi.py': app(n),
  'shop/late.py': `WORD = "late ${n}"\n`,
  'gunicorn.conf.py': conf(n),
});

const all = (n: number): string => `settings ${n}, code ${n}, late ${n}, releases/${n}`;

for (const [way, args] of [
  ['cd current', []],
  ['cd current, --preload', ['--preload']],
  ['--chdir', ['--chdir', 'current', '-c', 'current/gunicorn.conf.py']],
] as const) {
  pythonTest(
    `${way}: HUP serves the release that the link leads to, and a worker before it the old one`,
    async (t) => {
      const folder = new Folder({});
      t.teardown(() => folder.remove());
      for (const n of [1, 2])
        for (const [name, text] of Object.entries(files(n))) folder.write(`releases/${n}/${name}`, text);
      const current = folder.file('current');
      symlinkSync('releases/1', current);
      const cwd = way === '--chdir' ? folder.path : current;
      const server = await startServer(t, {
        cwd,
        env: { PWD: cwd },
        args: [...args, '--log-level', 'debug', 'shop.wsgi'],
      });
      const answer = async (): Promise<string> => (await request(server.url)).text;

      symlinkSync('releases/2', folder.file('new'));
      renameSync(folder.file('new'), current);
      t.is(await answer(), all(1));
      let from = server.lines.length;
      const [, worker] = /Booting worker with pid: (\d+)/.exec(server.log()) ?? [];
      process.kill(Number(worker), 'SIGTERM');
      await server.waitFor('is ready', { from });
      await server.waitFor('Worker exiting', { from });
      t.is(await answer(), all(1));

      from = server.lines.length;
      server.signal('SIGHUP');
      await server.waitFor('has left', { from });
      t.is(await answer(), all(2));
      t.is(server.matching(/hook of 2/, from).length, 1);

      rmSync(folder.file('releases/1'), { recursive: true });
      from = server.lines.length;
      server.signal('SIGHUP');
      await server.waitFor('has left', { from });
      t.is(await answer(), all(2));
    },
  );
}
