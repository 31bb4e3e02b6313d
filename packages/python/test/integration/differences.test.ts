import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforePython, eventually, RawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { readAnswer, type Answer } from './differences/answer.ts';
import { differences, type Pair } from './differences/differences.ts';
import { cases } from './differences/requests.ts';

const made = beforePython(test);
const cwd = join(import.meta.dirname, '../apps');
const page = readFileSync(join(import.meta.dirname, '../../../../docs/python-differences.md'), 'utf8');

const modes: readonly (readonly string[])[] = [['sync'], ['gthread', '--threads', '4'], ['gevent']];

for (const [workerClass = '', ...args] of modes) {
  test.serial(`${workerClass} answers as Gunicorn's ${workerClass} does`, async (t) => {
    t.timeout(180_000);
    const environment = made();
    if (environment.kind === 'missing') {
      t.log(`skipped: ${environment.reason}`);
      t.pass();
      return;
    }
    const flags = ['--worker-class', workerClass, ...args, '--workers', '2'];
    const [theirs, ours] = await Promise.all([
      startGunicorn(t, environment.python, flags),
      startServer(t, { cwd, args: ['--python', environment.python, ...flags, 'dump:app'] }),
    ]);
    t.true(cases.length >= 60);
    const found: unknown[] = [];
    for (const { title, bytes } of cases) {
      const [gunicorn, mine] = await Promise.all([ask(theirs, bytes), ask(ours.port, bytes)]);
      const pair = differences.reduce<Pair>((levelled, one) => one.level(levelled, title), {
        gunicorn,
        ours: mine,
      });
      if (!isDeepStrictEqual(pair.ours, pair.gunicorn)) found.push({ title, ...pair });
    }
    t.deepEqual(found, []);
  });
}

test('the page explains each difference', (t) => {
  const explained = [...page.matchAll(/^\*\*(.+)\.\*\* /gm)].map(([, title]) => title);
  t.deepEqual(
    explained,
    differences.map(({ title }) => title),
  );
});

async function ask(port: number, bytes: string): Promise<Answer> {
  const client = new RawClient(port);
  try {
    client.send(bytes);
    return readAnswer(await client.closes(), port);
  } finally {
    client.socket.destroy();
  }
}

/** The real one, on a port that was free a moment ago. */
async function startGunicorn(t: ExecutionContext, python: string, flags: readonly string[]): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const args = ['-m', 'gunicorn', '--bind', `127.0.0.1:${port}`, '--no-control-socket', ...flags, 'dump:app'];
  const child = spawn(python, args, { cwd, stdio: 'ignore' });
  const exit = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  await eventually(async () => {
    try {
      return (await request(`http://127.0.0.1:${port}/`)).status === 200;
    } catch {
      return false;
    }
  }, 'Gunicorn');
  return port;
}
