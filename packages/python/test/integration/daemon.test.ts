import { readFileSync } from 'node:fs';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { pythonTest } from './serve.ts';

const APP = `def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
`;

pythonTest('--daemon runs the configuration file once', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': 'with open("runs.txt", "a") as file:\n    file.write("run\\n")\n',
    },
    args: ['--daemon', '--pid', 'app.pid', '--log-file', 'error.log', 'wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0, server.log());
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  t.is(readFileSync(server.folder.file('runs.txt'), 'utf8'), 'run\n');
  process.kill(pid, 'SIGTERM');
});

const NOTES = 'with open("runs.txt", "a") as file:\n    file.write("run\\n")\n';

pythonTest('daemon = True in the configuration file runs it once', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': `${NOTES}daemon = True\npidfile = "app.pid"\nerrorlog = "error.log"\n`,
    },
    args: ['wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0, server.log());
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  t.is(readFileSync(server.folder.file('runs.txt'), 'utf8'), 'run\n');
  process.kill(pid, 'SIGTERM');
});

pythonTest(
  'a configuration file that only speaks of daemon = True is served in the foreground',
  async (t) => {
    const server = await startServer(t, {
      files: { 'wsgi.py': APP, 'gunicorn.conf.py': '"""\ndaemon = True\n"""\n' },
      args: ['wsgi:app'],
    });
    t.is((await request(server.url)).text, 'ok');
  },
);

test('daemon: true in a configuration file in TypeScript runs it once', async (t) => {
  const server = await startServer(t, {
    files: {
      'app.ts': 'export default (_request, response) => response.end("ok");\n',
      'gunicorn.conf.ts': `import { appendFileSync } from 'node:fs';
appendFileSync('runs.txt', 'run\\n');
export default { app: './app.ts', daemon: true, pidfile: 'app.pid', errorlog: 'error.log' };
`,
    },
    args: [],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0, server.log());
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  t.is(readFileSync(server.folder.file('runs.txt'), 'utf8'), 'run\n');
  process.kill(pid, 'SIGTERM');
});

pythonTest('--daemon says at the terminal what is wrong with the configuration file', async (t) => {
  const server = await startServer(t, {
    files: { 'wsgi.py': APP, 'gunicorn.conf.py': '1 / 0\n' },
    args: ['--daemon', 'wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /^Error: daemon: .*ZeroDivisionError/m);
});
