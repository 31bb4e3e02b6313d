import { existsSync, readFileSync, renameSync } from 'node:fs';
import { eventually, rawClient, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { pythonTest } from './serve.ts';

const APP = `import logging

def application(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("broken on purpose")
    environ["FROM_APP"] = "told by the application"
    start_response("200 OK", [("X-Answer", "42")])
    print("printed", flush=True)
    return [b"ok"]

class NoHealth(logging.Filter):
    def filter(self, record):
        return record.args["U"] != "/health"
`;

const DICTIONARY = `logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(name)s %(message)s"}},
    "handlers": {"file": {"class": "logging.FileHandler", "filename": "access.txt", "formatter": "plain"}},
    "root": {"level": "INFO", "handlers": []},
    "loggers": {"gunicorn.access": {"level": "INFO", "handlers": ["file"], "propagate": False}},
}
access_log_format = '%(m)s %(U)s %(s)s %(B)s %({x-answer}o)s %({from_app}e)s'
`;

const MODES: readonly (readonly string[])[] = [
  ['-k', 'sync'],
  ['-k', 'gthread', '--threads', '2'],
];

function serve(t: ExecutionContext, args: readonly string[], conf = ''): Promise<Server> {
  return startServer(t, { files: { 'web.py': APP, 'gunicorn.conf.py': conf }, args: [...args, 'web'] });
}

function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  // The first request is that of the test-kit, which waits for the server.
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/ \/ /.test(line));
}

for (const mode of MODES) {
  const name = mode.join(' ');

  pythonTest(
    `${name}: a dictionary for gunicorn.access gets every request, those that Python never saw, too`,
    async (t) => {
      const server = await serve(t, mode, DICTIONARY);
      await request(`${server.url}/good?a=b`);
      await request(`${server.url}/broken`);
      await rawClient(t, server.port).send('GET /refused HTTP/1.1\r\nConnection: close\r\n\r\n').closes();
      const path = server.folder.file('access.txt');
      await eventually(() => linesOf(path).length >= 3, 'three lines');
      const lines = linesOf(path);
      t.is(lines.length, 3, lines.join('\n'));
      t.is(lines[0], 'gunicorn.access GET /good 200 2 42 told by the application');
      t.regex(lines[1]!, /^gunicorn\.access GET \/broken 500 \d+ - -$/);
      t.regex(lines[2]!, /^gunicorn\.access .* 400 \d+ - -$/);
    },
  );

  pythonTest(`${name}: files of Python's loggers are opened anew at USR1`, async (t) => {
    const server = await serve(t, mode, DICTIONARY);
    const path = server.folder.file('access.txt');
    await request(`${server.url}/one`);
    await eventually(() => linesOf(path).length === 1, 'a line in the first file');
    renameSync(path, `${path}.1`);
    server.signal('SIGUSR1');
    await eventually(async () => {
      await request(`${server.url}/two`);
      return linesOf(path).length > 0;
    }, 'a line in the second file');
    t.regex(linesOf(path)[0]!, /\/two/);
  });

  pythonTest(`${name}: a filter that post_fork puts on gunicorn.access hides health checks`, async (t) => {
    const conf = `import logging, web
def post_fork(server, worker):
    logging.getLogger("gunicorn.access").addFilter(web.NoHealth())
`;
    const server = await serve(t, [...mode, '--access-logfile', 'access.txt'], conf);
    await request(`${server.url}/health`);
    await request(`${server.url}/shown`);
    const path = server.folder.file('access.txt');
    await eventually(() => linesOf(path).length > 0, 'a line');
    t.is(linesOf(path).length, 1);
    t.regex(linesOf(path)[0]!, /"GET \/shown HTTP\/1\.1" 200 2 /);
  });
}

pythonTest('A logger_class extends gunicorn.glogging.Logger, which need not be installed', async (t) => {
  const conf = `import gunicorn
from gunicorn.glogging import Logger

class Short(Logger):
    def access(self, resp, req, environ, request_time):
        if req.path != "/health":
            super().access(resp, req, environ, request_time)

    def now(self):
        return "now"

logger_class = Short
gunicorn.SERVER = "front"
access_log_format = "%(t)s %(U)s"
`;
  const server = await serve(t, ['--access-logfile', 'access.txt'], conf);
  t.is((await request(`${server.url}/health`)).headers['server'], 'front');
  await request(`${server.url}/shown`);
  const path = server.folder.file('access.txt');
  await eventually(() => linesOf(path).some((line) => line.includes('/shown')), 'a line');
  t.deepEqual(
    linesOf(path).filter((line) => line !== 'now /'),
    ['now /shown'],
  );
});

pythonTest('A logger_class that cannot be imported ends the start with its name', async (t) => {
  const server = await startServer(t, {
    until: 'spawned',
    files: { 'web.py': APP },
    args: ['--logger-class', 'no.such.Logger', 'web'],
  });
  t.is((await server.exit).code, 3);
  t.regex(server.log(), /logger_class "no\.such\.Logger" cannot be imported/);
});

for (const preload of [[], ['--preload']]) {
  pythonTest(
    `Captured output goes to the file of the error log, before and after USR1 ${preload.join('')}`,
    async (t) => {
      const server = await startServer(t, {
        until: 'spawned',
        bind: ['unix:app.sock'],
        files: { 'web.py': APP },
        args: [...preload, '--capture-output', '--error-logfile', 'error.txt', 'web'],
      });
      const path = server.folder.file('error.txt');
      const printed = (): number => linesOf(path).filter((line) => line.endsWith('printed')).length;
      const printOne = async (): Promise<boolean> => {
        await request(`unix:${server.folder.file('app.sock')}:/`).catch(() => undefined);
        return printed() > 0;
      };
      await eventually(printOne, 'a printed line');
      renameSync(path, `${path}.1`);
      server.signal('SIGUSR1');
      await eventually(printOne, 'a printed line in the second file');
      t.pass();
    },
  );
}

pythonTest('gunicorn.SERVER and SERVER_SOFTWARE are what the file makes of them', async (t) => {
  const app = `def application(environ, start_response):
    start_response("200 OK", [])
    return [environ["SERVER_SOFTWARE"].encode()]
`;
  for (const mode of MODES) {
    const server = await startServer(t, {
      files: {
        'web.py': app,
        'gunicorn.conf.py': 'import gunicorn\ngunicorn.SERVER = None\ngunicorn.SERVER_SOFTWARE = "mine/1"\n',
      },
      args: [...mode, 'web'],
    });
    const { text, headers } = await request(server.url);
    t.deepEqual([text, headers['server']], ['mine/1', undefined]);
  }
});

pythonTest(
  'Behind --chdir, modules of the folder of the launch are found, after those of the other',
  async (t) => {
    const app = `import below, launched

def app(environ, start_response):
    start_response("200 OK", [])
    return [f"{launched.NAME} {below.NAME}".encode()]
`;
    const server = await startServer(t, {
      files: {
        'backend/site_app.py': app,
        'backend/below.py': 'NAME = "backend"\n',
        'below.py': 'NAME = "launch"\n',
        'launched.py': 'NAME = "launch"\n',
      },
      args: ['--chdir', 'backend', 'site_app:app'],
    });
    t.is((await request(server.url)).text, 'launch backend');
  },
);
