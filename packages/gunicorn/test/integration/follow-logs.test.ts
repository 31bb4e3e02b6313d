import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { COMMAND, eventually, Output, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { here } from './typed.ts';

const APP = `export default (request, response) => {
  response.end(String(process.pid));
};`;
const CONFIG = `export default {
  preRequest: (worker, { target }) => worker.log.debug('before ' + target),
};`;

function start(t: ExecutionContext, args: readonly string[] = []): Promise<Server> {
  return startServer(t, {
    app: APP,
    config: CONFIG,
    args: ['-k', 'event', '-w', '2', '--log-file', 'error.log', '--access-logfile', 'access.log', ...args],
    bind: ['unix:app.sock'],
    until: 'spawned',
  });
}

async function ask(server: Server, path = '/'): Promise<string> {
  const sock = server.folder.file('app.sock');
  await eventually(() => server.folder.has('app.sock'));
  let text = '';
  await eventually(async () => {
    text = await request(`unix:${sock}:${path}`).then(
      (answer) => answer.text,
      () => '',
    );
    return text !== '';
  });
  return text;
}

const errorLog = (server: Server): string => readFileSync(server.folder.file('error.log'), 'utf8');

/** `gunicorn logs -f` in a process of its own. */
function follow(t: ExecutionContext, server: Server): { output: Output; child: ChildProcess } {
  const child = spawn(process.execPath, [COMMAND, 'logs', '-f', '-p', String(server.pid)], {
    cwd: server.folder.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = new Output();
  output.collect(child.stdout as Readable);
  t.teardown(() => child.kill('SIGKILL'));
  return { output, child };
}

test('logs -f shows both logs of all processes, that are in files; loglevel counts in workers that come later, until a reload', async (t) => {
  const server = await start(t);
  const pid = await ask(server, '/first');
  const { output, child } = follow(t, server);
  await output.waitFor(/\[INFO\] Listening at: /);
  await output.waitFor(`[INFO] Booting worker with pid: ${pid}`);
  await eventually(async () => {
    await ask(server, '/followed');
    return output.lines.some((line) => line.includes('"GET /followed HTTP/1.1" 200'));
  });
  t.like(await here(server, 'loglevel'), { code: 0, out: 'info\n' });
  t.like(await here(server, 'loglevel', 'debug'), { code: 0, out: 'The log level is debug; it was info\n' });
  await eventually(async () => {
    await ask(server, '/debugged');
    return output.lines.some((line) => line.includes('[DEBUG] before /debugged'));
  });
  const [killed = 0] = server.workers();
  process.kill(killed, 'SIGKILL');
  await eventually(() => server.workers().length === 2 && !server.workers().includes(killed));
  const heir = server.workers().find((one) => !errorLog(server).includes(`[${one}] [DEBUG] before`)) ?? 0;
  await eventually(async () => {
    await ask(server, '/heir');
    return errorLog(server).includes(`[${heir}] [DEBUG] before /heir`);
  });
  t.is((await here(server, 'reload')).code, 0);
  t.like(await here(server, 'loglevel'), { code: 0, out: 'info\n' });
  await ask(server, '/reloaded');
  t.false(errorLog(server).includes('before /reloaded'));
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  await server.stop();
  t.is(await ended, 0);
});

test('logs -f goes on with the server that takes over, up to the last line of each, and ends with it', async (t) => {
  const server = await start(t, ['-w', '1']);
  const pid = await ask(server);
  const { output, child } = follow(t, server);
  await output.waitFor(`[INFO] Booting worker with pid: ${pid}`);
  t.is((await here(server, 'upgrade', '-p', String(server.pid))).code, 0);
  await output.waitFor(`[INFO] Worker exiting (pid: ${pid})`);
  await output.waitFor('[INFO] Master has been promoted.');
  await output.waitFor(/\[INFO\] Starting gunicorn-ts/, { times: 2 });
  await ask(server, '/taken-over');
  await output.waitFor('"GET /taken-over HTTP/1.1" 200');
  const [, successor = ''] = /second arbiter started \(pid: (\d+)\)/.exec(errorLog(server)) ?? [];
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  t.is((await here(server, 'stop', '-p', successor)).code, 0);
  t.is(await ended, 0);
  await output.waitFor(/\[INFO\] Worker exiting/, { times: 2 });
});

test('a reader of the logs that stops keeps nobody waiting, and is told how much it missed', async (t) => {
  const server = await start(t, ['--control-socket', 'control.sock', '-w', '1']);
  await ask(server);
  const socket = connect(server.folder.file('control.sock'));
  const order = Buffer.from(JSON.stringify({ id: 1, command: 'logs', args: { follow: true }, stream: true }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(order.length);
  socket.write(Buffer.concat([length, order]));
  socket.pause();
  t.teardown(() => socket.destroy());
  const long = `/${'x'.repeat(3500)}`;
  for (let count = 0; count < 1500; count++) t.not(await ask(server, long), '');
  t.is((await here(server, 'status', '-s', 'control.sock')).code, 0);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.resume();
  await eventually(async () => {
    await ask(server, '/again');
    return /"skipped":[1-9]/.test(text);
  });
});

test('what is wrong with the words behind logs and loglevel is said, with 2', async (t) => {
  const server = await start(t);
  await ask(server);
  for (const words of [
    ['logs', '--level', 'loud'],
    ['logs', '--error', '--access'],
    ['logs', '-n', 'many'],
    ['loglevel', 'loud'],
  ] as const) {
    const { code, err } = await here(server, ...words);
    t.is(code, 2);
    t.regex(err, /takes/);
  }
});
