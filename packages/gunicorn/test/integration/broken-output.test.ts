import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { COMMAND, eventually, Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const PRINTING = `module.exports = (q, r) => { console.log('out'); console.error('err'); r.end(String(process.pid)); };`;
/** Its stdout is buffered, and can take nothing. */
const FULL_PYTHON = `
import os, sys
sys.stdout = open("/dev/full", "w")
print("loaded")
def app(environ, start):
    print("hello")
    start("200 OK", [])
    return [str(os.getpid()).encode()]
`;
const PYTHON_KINDS = [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
  ['preloaded', ['--preload']],
] as const;

const withFullDevice = existsSync('/dev/full') ? test.serial : test.skip;

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  log(): string;
}

/** The command under a shell that puts its output where it cannot be written; what it logs goes to a file. */
async function startUnder(t: ExecutionContext, shell: string, args: readonly string[]): Promise<Started> {
  const folder = new Folder({ 'app.cjs': PRINTING, 'wsgi.py': FULL_PYTHON });
  t.teardown(() => folder.remove());
  const command = `exec '${process.execPath}' '${COMMAND}' --bind 127.0.0.1:0 ${args.join(' ')}`;
  const child = spawn('bash', ['-c', shell.replace('COMMAND', command)], {
    cwd: folder.path,
    detached: true,
    stdio: 'ignore',
  });
  t.teardown(() => child.exitCode === null && process.kill(-child.pid!, 'SIGKILL'));
  const log = (): string => (folder.has('error.log') ? readFileSync(folder.file('error.log'), 'utf8') : '');
  await eventually(() => /Listening at: \S+/.test(log()));
  return { url: /Listening at: (\S+)/.exec(log())?.[1] ?? '', child, log };
}

async function answersOfOneWorker(t: ExecutionContext, url: string): Promise<void> {
  const answers = [await request(url), await request(url), await request(url)];
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  t.is(new Set(answers.map(({ text }) => text)).size, 1);
}

for (const kind of ['sync', 'event']) {
  const args = ['-k', kind, '--error-logfile', 'error.log', 'app.cjs'];

  withFullDevice(`${kind}: a full disk costs what the application prints, and no worker`, async (t) => {
    const { url, log } = await startUnder(t, 'COMMAND > /dev/full 2>&1', args);
    await answersOfOneWorker(t, url);
    const lost = /stdout cannot be written, and what is printed there is lost: .*ENOSPC/g;
    // Node hears of it behind the answer.
    await eventually(() => lost.test(log()));
    t.is(log().match(lost)?.length, 1);
    t.notRegex(log(), /Uncaught/);
  });

  test.serial(`${kind}: so does a reader of the output that goes away`, async (t) => {
    const { url, log } = await startUnder(t, 'COMMAND > >(exec true) 2>&1', args);
    await answersOfOneWorker(t, url);
    t.notRegex(log(), /Uncaught/);
  });
}

test.serial('an error log whose reader goes away ends neither the arbiter nor a worker', async (t) => {
  const shell = 'COMMAND 2> >(tee error.log | head -c 300)';
  const { url, child } = await startUnder(t, shell, ['--access-logfile', '-', 'app.cjs']);
  await answersOfOneWorker(t, url);
  const before = (await request(url)).text;
  child.kill('SIGHUP');
  await eventually(async () => (await request(url)).text !== before);
  t.deepEqual([child.exitCode, child.signalCode], [null, null]);
});

for (const [name, args] of PYTHON_KINDS) {
  withFullDevice(
    `${name}: Python with a stdout that takes nothing serves, and leaves in order`,
    async (t) => {
      const server = await startServer(t, { files: { 'wsgi.py': FULL_PYTHON }, args: [...args, 'wsgi:app'] });
      await answersOfOneWorker(t, server.url);
      t.deepEqual(await server.stop(), { code: 0, signal: null });
      t.notRegex(server.log(), /Traceback|leaving/);
    },
  );
}

test.serial('help that is read by half is no failure', async (t) => {
  const child = spawn(
    'bash',
    ['-c', `set -o pipefail; '${process.execPath}' '${COMMAND}' --help | head -1`],
    {
      stdio: 'ignore',
    },
  );
  t.deepEqual(await once(child, 'exit'), [0, null]);
});
