import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { startWorker, type WorkerOptions } from './fake-arbiter.ts';

const HELLO = `export default (req, res) => res.end('hello');`;

test.serial('a worker says that it boots, that it is ready, and serves', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': HELLO } });
  await worker.said('ready');
  t.regex(worker.output, new RegExp(`\\[INFO\\] Booting worker with pid: ${worker.pid}\\n`));
  t.is(await (await fetch(worker.url)).text(), 'hello');
});

test.serial('the process title names the application', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `export default (req, res) => res.end(process.title)` },
    settings: { procName: 'shop' },
  });
  await worker.said('ready');
  t.is(await (await fetch(worker.url)).text(), 'gunicorn: worker [shop]');
});

test.serial('the heartbeat moves while the worker is idle', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': HELLO }, settings: { timeout: 0.4 } });
  await worker.said('ready');
  const before = worker.heartbeat;
  while (worker.heartbeat === before) await new Promise((resolve) => setImmediate(resolve));
  t.true(worker.heartbeat > before);
});

interface Failure extends WorkerOptions {
  readonly title: string;
  readonly exitCode: number;
  readonly message: RegExp;
  readonly detail?: RegExp;
}

const failures: readonly Failure[] = [
  {
    title: 'an application that throws is exit code 3, with its stack',
    files: { 'app.ts': `function connect() { throw new Error('no database'); }\nconnect();` },
    exitCode: 3,
    message: /^the application threw/,
    detail: /^Error: no database\n {4}at connect \(.*app\.ts:1:\d+\)\n {4}at .*app\.ts:2:1\)$/,
  },
  {
    title: 'a rejection that nobody handles while loading is exit code 3',
    files: { 'app.ts': `Promise.reject(new Error('late')); await new Promise(() => undefined);` },
    exitCode: 3,
    message: /^the application threw/,
    detail: /^Error: late/,
  },
  {
    title: 'a syntax error in an ES module names file and line',
    files: { 'app.ts': `import './part.mjs'; export default 1;`, 'part.mjs': `const a = 1;\nconst b = ;\n` },
    exitCode: 3,
    message: /^the application threw/,
    detail: /part\.mjs:2\nconst b = ;\n\s+\^/,
  },
  {
    title: 'an application that exits while loading is exit code 3',
    files: { 'app.ts': `process.exit(0)` },
    exitCode: 3,
    message: /the application called process\.exit\(0\)/,
  },
  {
    title: 'a missing file is exit code 4 and lists what was looked for',
    files: { 'app.mts': HELLO },
    settings: { app: 'app.js' },
    exitCode: 4,
    message:
      /cannot find "app\.js"; looked for: \[ERR_APP_NOT_FOUND\]\n {2}file \.\/app\.js\n[^]*package "app\.js"[^]*did you mean app\.mts\?/,
  },
  {
    title: 'a missing export is exit code 4 and lists those there are',
    files: { 'app.ts': `export const api = 1; export const other = 2;` },
    settings: { app: 'app.ts:app' },
    exitCode: 4,
    message: /app\.ts has no export "app"; it has: api, other/,
  },
  {
    title: 'an export that is no application is exit code 4 and is described',
    files: { 'app.ts': `export default { port: 1 };` },
    exitCode: 4,
    message: /default is an object with the keys port, and no HTTP server listened/,
  },
  {
    title: 'a kind that the worker class does not serve is exit code 4',
    files: { 'app.ts': `export default { fetch: () => new Response('x') };` },
    exitCode: 4,
    message: /kind "fetch", and the worker class "small" serves node/,
  },
  {
    title: 'a worker class that is none is exit code 3',
    files: { 'app.ts': HELLO },
    boot: {
      workerModule: new URL('fixtures/mortal-arbiter.ts', import.meta.url).href.replace(
        'mortal-arbiter',
        'none',
      ),
    },
    exitCode: 3,
    message: /^the worker class threw/,
    detail: /Cannot find module '.*none\.ts'/,
  },
  {
    title: 'a certificate that cannot be read is exit code 3',
    files: { 'app.ts': HELLO },
    settings: { certfile: '/nonexistent/cert.pem' },
    exitCode: 3,
    message: /^certfile: cannot read \/nonexistent\/cert\.pem/,
  },
];
for (const { title, exitCode, message, detail, ...options } of failures) {
  test.serial(title, async (t) => {
    const worker = startWorker(t, options);
    const failure = await worker.said('boot-failed');
    t.is(failure.exitCode, exitCode);
    t.regex(failure.message, message);
    if (detail === undefined) t.is(failure.detail, undefined);
    else t.regex(failure.detail ?? '', detail);
    t.deepEqual(await worker.exited, { code: exitCode, signal: null });
    t.notRegex(
      worker.output,
      /\[(?:ERROR|CRITICAL)\]/,
      'the arbiter prints the failure, once for all workers',
    );
  });
}

test.serial('a hook that throws while booting is exit code 3', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': HELLO }, silent: true });
  const configFile = join(worker.directory, 'gunicorn.conf.ts');
  writeFileSync(configFile, `export default { postFork() { throw new Error('from the hook') } }`);
  worker.boot({ boot: { configFile } });
  const failure = await worker.said('boot-failed');
  t.is(failure.message, 'the hook postFork threw while the worker was booting:');
  t.regex(failure.detail ?? '', /^Error: from the hook\n/);
  t.is((await worker.exited).code, 3);
});

test.serial('the hooks of the worker run in Gunicorn’s order', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `console.log('hook: app'); ${HELLO}` },
    silent: true,
  });
  const configFile = join(worker.directory, 'gunicorn.conf.ts');
  const hook = (name: string): string => `${name}: (worker) => console.log('hook: ${name}', worker.pid),`;
  writeFileSync(
    configFile,
    `export default { ${['postFork', 'postWorkerInit', 'workerExit'].map(hook).join('')} }`,
  );
  worker.boot({ boot: { configFile } });
  await worker.said('ready');
  worker.kill('SIGTERM');
  await worker.exited;
  await worker.printed(/workerExit/);
  t.deepEqual(worker.output.match(/(?<=hook: )\w+/g), ['postFork', 'app', 'postWorkerInit', 'workerExit']);
});

test.serial('mode check loads the application, says so and leaves', async (t) => {
  const worker = startWorker(t, { files: { 'app.ts': HELLO }, boot: { mode: 'check', listeners: [] } });
  await worker.said('ready');
  t.is((await worker.exited).code, 0);
});

test.serial('mode check fails as a worker would', async (t) => {
  const worker = startWorker(t, { boot: { mode: 'check', listeners: [] } });
  t.is((await worker.said('boot-failed')).exitCode, 4);
  t.is((await worker.exited).code, 4);
});

test.serial('an arbiter of another release is refused in plain words', async (t) => {
  const worker = startWorker(t, { silent: true });
  worker.child.send({ type: 'boot', version: 99 });
  await worker.printed(/they come from different releases/);
  t.is((await worker.exited).code, 1);
});

test.serial('a worker whose arbiter goes before it spoke leaves', async (t) => {
  const worker = startWorker(t, { silent: true });
  worker.child.disconnect();
  t.is((await worker.exited).code, 5);
});

test.serial('files that were loaded are reported, with those that are missing', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `import './part.ts'; import './missing.ts'; ${HELLO}`, 'part.ts': `export {};` },
    boot: { reportFiles: true },
  });
  const { files } = await worker.said('files');
  for (const name of ['app.ts', 'part.ts', 'missing.ts'])
    t.true(files.includes(join(worker.directory, name)), name);
  t.is((await worker.exited).code, 3);
});

test.serial(
  'a worker started by root becomes the user it is told to be, supplementary groups included',
  async (t) => {
    if (process.getuid?.() !== 0) return t.pass('skipped: only root may change who a process is');
    const worker = startWorker(t, {
      files: { 'app.ts': HELLO },
      boot: { identity: { uid: 65534, gid: 65533, initgroupsUser: undefined } },
      identity: { uid: 65534, gid: 65533 },
      settings: { timeout: 0.4 },
    });
    await worker.said('ready');
    const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
    t.regex(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    t.regex(status, /^Gid:\t65533\t65533\t65533\t65533$/m);
    t.regex(status, /^Groups:\t65533 ?$/m);
    const before = worker.heartbeat;
    while (worker.heartbeat === before) await new Promise((resolve) => setImmediate(resolve));
    return undefined;
  },
);

test.serial('a user that the server may not become is exit code 3', async (t) => {
  if (process.getuid?.() !== 0) return t.pass('skipped: only root can start a process as another user');
  const worker = startWorker(t, {
    files: { 'app.ts': HELLO },
    runAs: { uid: 65534, gid: 65534 },
    boot: { identity: { uid: 1, gid: 1, initgroupsUser: undefined } },
  });
  const failure = await worker.said('boot-failed');
  t.is(failure.exitCode, 3);
  t.regex(failure.message, /cannot become uid 1, gid 1: the server runs as uid 65534/);
  return undefined;
});
