import { readFileSync } from 'node:fs';
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

test('a logger class that is none, or one of Python, ends the start with what to write', async (t) => {
  for (const [name, message] of [
    ['./app.ts', /loggerClass: .*app\.ts cannot be used: .*; name a module whose default export is a class/],
    ['my.Logger', /loggerClass is about Python's logging, and the application is JavaScript: .*logger\.ts/],
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

test("a file for Python's logging ends the start of an application that is not in Python", async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'logging.ini': '' },
    args: ['--log-config', 'logging.ini'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /logConfig is about Python's logging, .* write errorlog, accesslog/);
});
