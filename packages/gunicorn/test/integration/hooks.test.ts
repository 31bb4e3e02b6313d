import { Folder, makeCertificate, request, startServer, type Server } from '@gunicorn-ts/test-kit';
import { HOOK_SIDE, type HookName } from '@gunicorn-ts/interface';
import test from 'ava';
import { saying } from './apps.ts';

/** Every hook prints its name, the process it runs in, and what it was called with. */
const CONFIG = `
const say = (name, ...facts) => console.error(['hook', name, process.pid, ...facts].join(' '));
const server = (arbiter) => 'server=' + [arbiter.pid, arbiter.numWorkers, arbiter.listeners.length, arbiter.settings.timeout].join('/');
const worker = (one) => 'worker=' + [one.pid, one.age, one.slot, one.generation].join('/');
export default {
  timeout: 77,
  onStarting: (a) => say('onStarting', server(a)),
  onReload: (a) => say('onReload', server(a)),
  whenReady: (a) => say('whenReady', server(a)),
  preFork: (a, w) => say('preFork', server(a), worker(w)),
  postFork: (w) => say('postFork', worker(w), 'arbiter=' + w.ppid, 'timeout=' + w.settings.timeout),
  postWorkerInit: (w) => say('postWorkerInit', worker(w)),
  workerInt: (w) => say('workerInt', worker(w)),
  workerAbort: (w) => say('workerAbort', worker(w)),
  workerExit: (w) => say('workerExit', worker(w)),
  preRequest: (w, q) => say('preRequest', worker(w), q.method, q.target, q.remoteAddress, q.raw.url),
  postRequest: (w, q, r) => say('postRequest', worker(w), q.target, r.status, r.bytes, r.raw.statusCode),
  childExit: (a, w) => say('childExit', server(a), worker(w)),
  nworkersChanged: (a, now, before) => say('nworkersChanged', server(a), now, before),
  preExec: (a) => say('preExec', server(a)),
  onExit: (a) => say('onExit', server(a)),
  sslContext: (settings, options) => (say('sslContext', settings.timeout, typeof options.cert), options),
};
`;

interface Call {
  readonly name: HookName;
  /** Process that it ran in. */
  readonly pid: number;
  readonly facts: string;
}

function calls(server: Server, from = 0): Call[] {
  return server.matching(/^hook /, from).map((line) => {
    const [, name, pid, ...facts] = line.split(' ');
    return { name: name as HookName, pid: Number(pid), facts: facts.join(' ') };
  });
}

const names = (list: readonly Call[]): HookName[] => list.map(({ name }) => name);

test('each of the 16 hooks is called in its process, in order, with its arguments', async (t) => {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { certfile, keyfile } = makeCertificate(folder);
  const server = await startServer(t, {
    app: saying('hello'),
    config: CONFIG,
    args: ['--certfile', certfile, '--keyfile', keyfile],
    until: 'listening',
  });
  const arbiter = server.pid;
  await server.waitFor('hook sslContext');
  const [first] = server.workers() as [number];

  t.deepEqual(calls(server), [
    { name: 'onStarting', pid: arbiter, facts: `server=${arbiter}/1/0/77` },
    { name: 'whenReady', pid: arbiter, facts: `server=${arbiter}/1/1/77` },
    { name: 'nworkersChanged', pid: arbiter, facts: `server=${arbiter}/1/1/77 1 ` },
    { name: 'preFork', pid: arbiter, facts: `server=${arbiter}/1/1/77 worker=0/1/1/1` },
    { name: 'postFork', pid: first, facts: `worker=${first}/1/1/1 arbiter=${arbiter} timeout=77` },
    { name: 'postWorkerInit', pid: first, facts: `worker=${first}/1/1/1` },
    { name: 'sslContext', pid: first, facts: '77 string' },
  ]);

  let from = server.lines.length;
  await request(`${server.url}/path`, { insecure: true });
  await server.waitFor('hook postRequest', { from });
  t.deepEqual(calls(server, from), [
    { name: 'preRequest', pid: first, facts: `worker=${first}/1/1/1 GET /path 127.0.0.1 /path` },
    { name: 'postRequest', pid: first, facts: `worker=${first}/1/1/1 /path 200 5 200` },
  ]);

  from = server.lines.length;
  server.signal('SIGHUP');
  await server.waitFor('hook childExit', { from });
  const [second] = server.workers() as [number];
  const reload = calls(server, from);
  t.deepEqual(names(reload), [
    'onReload',
    'preFork',
    'postFork',
    'postWorkerInit',
    'sslContext',
    'workerExit',
    'childExit',
  ]);
  t.is(reload.at(1)?.facts, `server=${arbiter}/1/1/77 worker=0/2/1/2`);
  t.is(reload.at(-2)?.pid, first);
  t.deepEqual(reload.at(-1), {
    name: 'childExit',
    pid: arbiter,
    facts: `server=${arbiter}/1/1/77 worker=${first}/1/1/1`,
  });

  from = server.lines.length;
  process.kill(second, 'SIGINT');
  await server.waitFor('hook childExit', { from });
  const ofSecond = calls(server, from).filter(
    ({ pid, facts }) => pid === second || facts.includes(`=${second}/`),
  );
  t.deepEqual(names(ofSecond), ['workerInt', 'workerExit', 'childExit']);

  await server.waitFor('hook sslContext', { from });
  const [third] = server.workers() as [number];
  from = server.lines.length;
  process.kill(third, 'SIGABRT');
  await server.waitFor('hook childExit', { from });
  const ofThird = calls(server, from).filter(
    ({ pid, facts }) => pid === third || facts.includes(`=${third}/`),
  );
  t.deepEqual(names(ofThird), ['workerAbort', 'workerExit', 'childExit']);

  from = server.lines.length;
  server.signal('SIGTTIN');
  await server.waitFor(new RegExp(`hook nworkersChanged ${arbiter} server=${arbiter}/2/1/77 2 1$`), { from });

  from = server.lines.length;
  server.signal('SIGUSR2');
  await server.waitFor(`hook preExec ${arbiter}`, { from });
  await server.waitFor(/second arbiter started/, { from });
  const used = new Set(names(calls(server)));

  from = server.lines.length;
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  const last = calls(server, from).filter(({ pid }) => pid === arbiter);
  t.is(last.at(-1)?.name, 'onExit');
  used.add('onExit');
  t.deepEqual([...used].sort(), (Object.keys(HOOK_SIDE) as HookName[]).sort());
});
