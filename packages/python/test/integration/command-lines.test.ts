import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforePython, eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/*
 * What people type for Gunicorn today, letter for letter but for the port, and for the interpreter: `--python` would
 * be `VIRTUAL_ENV` of a shell in which the environment is active.
 */

const made = beforePython(test);
const django = join(import.meta.dirname, '../../../../examples/django');
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

function withPython(title: string, body: (t: ExecutionContext, folder: string) => Promise<void>): void {
  test.serial(title, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind === 'ready') return body(t, environment.folder);
    t.log(`skipped: ${environment.reason}`);
    t.pass();
  });
}

for (const more of [[], ['--worker-class=gevent', '--workers=1']]) {
  withPython(`Django on two addresses with a log file ${more.join(' ')}`, async (t, folder) => {
    const port = await freePort();
    const data = temporaryFolder(t);
    const log = join(data, 'gunicorn.log');
    const six = hasIpv6 ? [`--bind=[::1]:${port}`] : [];
    const workers = more.length === 0 ? ['--workers=4'] : more;
    await startServer(t, {
      cwd: data,
      bind: [],
      until: 'spawned',
      env: {
        VIRTUAL_ENV: folder,
        PYTHONPATH: django,
        DJANGO_SETTINGS_MODULE: 'mysite.settings',
        MYSITE_DATA: data,
      },
      args: [...workers, `--log-file=${log}`, `--bind=127.0.0.1:${port}`, ...six, 'mysite.wsgi:application'],
    });
    const hosts = hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
    for (const host of hosts) t.is(await firstAnswer(`http://${host}:${port}/hello`), 'Hello, world!');
    t.regex(readFileSync(log, 'utf8'), /Listening at: http:\/\/127\.0\.0\.1/);
  });
}

withPython('Django from another folder, by --env and --pythonpath', async (t, folder) => {
  const data = temporaryFolder(t);
  const server = await startServer(t, {
    cwd: data,
    env: { VIRTUAL_ENV: folder },
    args: [
      '--env',
      'DJANGO_SETTINGS_MODULE=mysite.settings',
      '-e',
      `MYSITE_DATA=${data}`,
      '--pythonpath',
      django,
      'mysite.wsgi:application',
    ],
  });
  t.is((await request(`${server.url}/hello`)).text, 'Hello, world!');
});

const APP = `import logging, os
logging.getLogger("myapp").info("imported by %d", os.getpid())

def app(environ, start_response):
    logging.getLogger("myapp").info("request in %d", os.getpid())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {environ['HTTP_HOST']}".encode()]
`;

const LOGGING = `[loggers]
keys=root, myapp
[handlers]
keys=file
[formatters]
keys=plain
[logger_root]
level=WARNING
handlers=file
[logger_myapp]
level=INFO
handlers=file
propagate=0
qualname=myapp
[handler_file]
class=FileHandler
formatter=plain
args=('app.log',)
[formatter_plain]
format=%(name)s says %(message)s
`;

withPython(
  '--log-config config/logging.cfg --config config/gunicorn.py wsgi:app --preload',
  async (t, folder) => {
    const server = await startServer(t, {
      bind: [],
      env: { VIRTUAL_ENV: folder },
      files: {
        'wsgi.py': APP,
        'config/logging.cfg': LOGGING,
        'config/gunicorn.py': `bind = "127.0.0.1:0"
workers = 2

def post_fork(server, worker):
    worker.log.info("forked %s", worker.pid > 0)
`,
      },
      args: ['--log-config', 'config/logging.cfg', '--config', 'config/gunicorn.py', 'wsgi:app', '--preload'],
    });
    t.regex((await request(server.url)).text, /^127\.0\.0\.1 http 127\.0\.0\.1:\d+$/);
    await eventually(() => server.folder.has('app.log'));
    const lines = readFileSync(server.folder.file('app.log'), 'utf8').split('\n');
    t.is(lines.filter((line) => line.startsWith('myapp says imported by')).length, 1);
    t.true(lines.some((line) => line.startsWith('myapp says request in')));
  },
);

const hasNginx = spawnSync('nginx', ['-v']).status === 0;

withPython('bind = "unix:/path/to/myproject.sock" behind nginx', async (t, folder) => {
  if (!hasNginx) {
    t.log('skipped: there is no nginx');
    t.pass();
    return;
  }
  const data = temporaryFolder(t);
  const socket = join(data, 'myproject.sock');
  await startServer(t, {
    bind: [],
    env: { VIRTUAL_ENV: folder },
    files: { 'wsgi.py': APP, 'gunicorn.conf.py': `bind = "unix:${socket}"\nworkers = 3\numask = 0o000\n` },
    args: ['wsgi:app'],
    until: 'listening',
  });
  await eventually(() => existsSync(socket));
  const port = await startNginx(t, data, socket);
  t.regex(await firstAnswer(`http://127.0.0.1:${port}/`), / https 127\.0\.0\.1$/);
});

/** The configuration that Gunicorn's documentation shows, in short. */
async function startNginx(t: ExecutionContext, folder: string, socket: string): Promise<number> {
  const port = await freePort();
  const path = join(folder, 'nginx.conf');
  writeFileSync(
    path,
    `user root; daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream app_server { server unix:${socket} fail_timeout=0; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header Host $host;
      proxy_redirect off;
      proxy_pass http://app_server;
    }
  }
}
`,
  );
  const nginx = spawn('nginx', ['-c', path, '-p', folder], { stdio: 'ignore' });
  const exit = once(nginx, 'exit');
  t.teardown(async () => {
    nginx.kill('SIGTERM');
    await exit;
  });
  return port;
}

function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-command-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function firstAnswer(url: string): Promise<string> {
  let text = '';
  await eventually(async () => {
    try {
      const response = await request(url);
      text = response.text;
      return response.status === 200;
    } catch {
      return false;
    }
  }, `an answer of ${url}`);
  return text;
}
