import { childrenOf, eventually, isRunning, request } from '@gunicorn-ts/test-kit';
import { pythonTest, servePython } from './serve.ts';

const MODES = [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
] as const;

for (const [name, args] of MODES) {
  for (const [path, end] of [
    ['leave', /The Python process \(pid: \d+\) exited with code 7; leaving/],
    ['crash', /The Python process \(pid: \d+\) was killed by SIGSEGV; leaving/],
  ] as const) {
    pythonTest(`${name}: a process that ends in a request (${path}) costs this request alone`, async (t) => {
      const server = await servePython(t, args);
      const { status } = await request(`${server.url}/${path}`);
      t.is(status, 502);
      await server.waitFor(end);
      t.is((await request(server.url)).text, 'hello');
    });
  }

  pythonTest(`${name}: an idle process that is killed is replaced with its worker`, async (t) => {
    const server = await servePython(t, args);
    const pid = Number((await request(`${server.url}/pid`)).text);
    process.kill(pid, 'SIGKILL');
    await server.waitFor(/was killed by SIGKILL; leaving/);
    t.not(Number((await request(`${server.url}/pid`)).text), pid);
  });

  pythonTest(`${name}: the process does not outlive a worker that is killed, nor the server`, async (t) => {
    const server = await servePython(t, args);
    const pid = Number((await request(`${server.url}/pid`)).text);
    const [worker] = server.workers();
    t.true(childrenOf(server.pythonMaster()!).includes(pid));
    process.kill(worker!, 'SIGKILL');
    await eventually(() => !isRunning(pid));
    const next = Number((await request(`${server.url}/pid`)).text);
    await server.stop();
    await eventually(() => !isRunning(next));
    t.pass();
  });
}

pythonTest(
  'sync: a process that hangs is answered 504, and its Python stacks are in the autopsy',
  async (t) => {
    const server = await servePython(t, ['-k', 'sync', '--timeout', '2']);
    const { status } = await request(`${server.url}/hang`);
    t.is(status, 504);
    await server.waitFor(/^ {4}GET \/hang for \d\.\d s from 127\.0\.0\.1/);
    await server.waitFor(/no stack: the worker waits for the process of the application \(pid: \d+\)/);
    await server.waitFor(/the application process:/);
    await server.waitFor(/wsgi\.py", line \d+ in wait_for_something_that_never_comes/);
    t.is((await request(server.url)).text, 'hello');
  },
);

pythonTest('gthread: a request that takes longer than requestTimeout is answered 504', async (t) => {
  const server = await servePython(t, ['-k', 'gthread', '--threads', '2', '--request-timeout', '1']);
  t.is((await request(`${server.url}/sleep?3`)).status, 504);
  t.is((await request(server.url)).text, 'hello');
});

pythonTest('sync: the 504 for a process that hangs is in the access log', async (t) => {
  const access = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(m)s %(U)s %(s)s %(B)s'];
  const server = await servePython(t, ['-k', 'sync', '--timeout', '2', ...access]);
  t.is((await request(`${server.url}/hang`)).status, 504);
  await server.waitFor('ACCESS GET /hang 504 20');
  t.is((await request(server.url)).text, 'hello');
  t.is(server.matching(/ACCESS GET \/hang/).length, 1);
});

pythonTest('a Python process that grows beyond maxWorkerMemory is replaced with its worker', async (t) => {
  const server = await servePython(t, ['-k', 'sync', '--max-worker-memory', '180mb']);
  t.is((await request(`${server.url}/grow`)).text, 'grown');
  await server.waitFor(/Autorestarting worker after current request: \d+ MB resident/);
  t.is((await request(server.url)).text, 'hello');
});
