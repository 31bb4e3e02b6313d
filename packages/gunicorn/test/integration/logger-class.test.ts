import { readFileSync, renameSync } from 'node:fs';
import { eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP, saying } from './apps.ts';

/** Writes all that it is told into a file of its own; an entry with `trouble` in it is too much for it. */
const LOGGER = `
import { appendFileSync } from 'node:fs';

export default class Logger {
  readonly role: string;

  constructor({ role }: { role: string }) {
    this.role = role;
  }

  entry({ level, message }: { level: string; message: string }): void {
    if (message.includes('trouble')) throw new Error('too much');
    this.write(level + ' ' + message);
  }

  access({ method, target, status }: { method: string; target: string; status: number }): void {
    this.write(method + ' ' + target + ' ' + status);
  }

  reopen(): void {
    this.write('reopened');
  }

  close(): void {
    this.write('closed');
  }

  private write(text: string): void {
    appendFileSync('own.log', this.role + ': ' + text + '\\n');
  }
}
`;

const own = (server: Server): string =>
  server.folder.has('own.log') ? readFileSync(server.folder.file('own.log'), 'utf8') : '';

test('a logger class of the operator writes both logs of arbiter and workers', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    files: { 'logger.ts': LOGGER },
    bind: ['unix:app.sock'],
    args: ['--logger-class', './logger.ts', '--access-log-exclude', '/healthz'],
    until: 'spawned',
  });
  await eventually(() => own(server).includes('worker: info Booting worker with pid'));
  const sock = `unix:${server.folder.file('app.sock')}`;
  await request(`${sock}:/healthz`);
  t.is((await request(`${sock}:/a`)).status, 200);
  await eventually(() => own(server).includes('worker: GET /a 200'));
  t.false(own(server).includes('/healthz'));
  server.signal('SIGUSR1');
  await eventually(
    () => own(server).includes('arbiter: reopened') && own(server).includes('worker: reopened'),
  );
  await server.stop();
  t.regex(own(server), /^arbiter: info Starting gunicorn/);
  t.regex(own(server), /^arbiter: info Shutting down: Master$/m);
  t.regex(own(server), /^worker: closed$/m);
  t.regex(own(server), /^arbiter: closed$/m);
  t.deepEqual(server.lines, []);
});

test('what such a class throws at is written by the server, from then on', async (t) => {
  const server = await startServer(t, {
    app: `throw new Error('trouble');`,
    files: { 'logger.ts': LOGGER },
    args: ['--logger-class', './logger.ts'],
    until: 'spawned',
  });
  await server.waitFor(/loggerClass: entry\(\) threw, and is not called any more: Error: too much/);
  await server.waitFor(/trouble/);
  t.regex(own(server), /arbiter: info Starting gunicorn/);
});

test('a method that is asynchronous and fails ends neither arbiter nor worker', async (t) => {
  const logger = `export default class Logger {
    async entry() { await null; throw new Error('entry broke'); }
    async access() { await null; throw new Error('access broke'); }
    async reopen() { await null; throw new Error('reopen broke'); }
  }`;
  const server = await startServer(t, {
    app: saying('ok'),
    files: { 'logger.ts': logger },
    bind: ['unix:app.sock'],
    args: ['--logger-class', './logger.ts', '--access-logfile', '-'],
    until: 'spawned',
  });
  await server.waitFor(/\[ERROR\] loggerClass: entry\(\) threw.*Error: entry broke/);
  await eventually(() => server.folder.has('app.sock') && server.workers().length > 0);
  const sock = `unix:${server.folder.file('app.sock')}`;
  t.is((await request(`${sock}:/first`)).status, 200);
  await server.waitFor(/loggerClass: access\(\) threw.*Error: access broke/);
  t.is((await request(`${sock}:/second`)).status, 200);
  await server.waitFor('"GET /second HTTP/1.1" 200');
  server.signal('SIGUSR1');
  await server.waitFor(/loggerClass: reopen\(\) threw/, { times: 2 });
  t.is((await server.stop()).code, 0);
});

test('a logger class that is none, or one of Python, ends the start with what to write', async (t) => {
  for (const [name, message] of [
    ['./app.ts', /loggerClass: .*app\.ts cannot be used: .*; name a module whose default export is a class/],
    ['my.Logger', /loggerClass names a class of Python, and the application is JavaScript: .*logger\.ts/],
  ] as const) {
    const server = await startServer(t, {
      app: APP,
      args: ['--logger-class', name],
      until: 'spawned',
    });
    t.not((await server.ended()).code, 0);
    t.regex(server.log(), message);
  }
});

const LOGGING = `
[loggers]
keys=root,error,access
[handlers]
keys=err,mail,out
[formatters]
keys=short,line
[logger_root]
handlers=
[logger_error]
qualname=gunicorn.error
level=DEBUG
handlers=err,mail
[logger_access]
qualname=gunicorn.access
handlers=out
[handler_err]
class=FileHandler
level=INFO
formatter=short
args=('%(here)s/err.log',)
[handler_mail]
class=handlers.SMTPHandler
args=('localhost', 'a@b', ['c@d'], 'It broke')
[handler_out]
class=StreamHandler
formatter=line
args=(sys.stdout,)
[formatter_short]
format=%(levelname)-8s %(message)s
[formatter_line]
format={levelname} {name} {message}
style={
`;

test("a file for Python's logging is followed for the server's own logs, and what it has of code is named", async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'logging.ini': LOGGING },
    args: ['--log-config', 'logging.ini', '--access-logformat', '%(m)s %(U)s'],
    until: 'spawned',
  });
  const err = (): string => readFileSync(server.folder.file('err.log'), 'utf8');
  await eventually(() => server.folder.has('err.log') && /^INFO {5}Booting worker/m.test(err()));
  const [, url = ''] = /^INFO {5}Listening at: (\S+)/m.exec(err()) ?? [];
  await request(`${url}/shop?secret`);
  await server.waitFor(/^INFO gunicorn\.access GET \/shop$/);
  t.regex(
    err(),
    /^WARNING {2}logConfig is followed for .*, but for: handler mail \(logging\.handlers\.SMTPHandler\), which is code of Python\. .* loggerClass/m,
  );
  renameSync(server.folder.file('err.log'), server.folder.file('err.log.1'));
  server.signal('SIGUSR1');
  await eventually(() => server.folder.has('err.log'));
  t.is((await server.stop()).code, 0);
  t.regex(err(), /^INFO {5}Shutting down: Master$/m);
});

test("a file for Python's logging that Python would refuse ends the start", async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'logging.ini': '[loggers]\nkeys=root' },
    args: ['--log-config', 'logging.ini'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /logConfig '.*logging\.ini' has no section \[logger_root\], which its keys name/);
});
