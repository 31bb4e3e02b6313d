import { spawnSync } from 'node:child_process';
import { request, startServer } from '@gunicorn-ts/test-kit';
import anyTest from 'ava';

const test = spawnSync('python3', ['--version']).status === 0 ? anyTest : anyTest.skip;

const APP = `def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
`;

const CONFIG = `name = "the file"

def post_fork(server, worker):
    worker.log.info("hook post_fork of %s", name)

def post_worker_init(worker):
    worker.log.info("hook post_worker_init")

def pre_request(worker, req):
    worker.log.info("hook pre_request %s %s", req.method, req.path)

def post_request(worker, req, environ, resp):
    worker.log.info("hook post_request %s %s", environ["REQUEST_METHOD"], resp.status)

def worker_int(worker):
    worker.log.info("hook worker_int")

def worker_exit(server, worker):
    worker.log.info("hook worker_exit")

def child_exit(server, worker):
    server.log.info("hook child_exit %s", pids[worker.age] is worker)

pids = {}

def pre_fork(server, worker):
    pids[worker.age] = worker

def on_exit(server):
    server.log.info("hook on_exit")
`;

for (const flags of [['sync'], ['gthread', '--threads', '2']]) {
  test(`the hooks of a worker in gunicorn.conf.py are called under ${flags[0]}`, async (t) => {
    const server = await startServer(t, {
      files: { 'wsgi.py': APP, 'gunicorn.conf.py': CONFIG },
      args: ['--worker-class', ...flags, 'wsgi:app'],
      until: 'listening',
    });
    await server.waitFor(/hook post_fork of the file/);
    await server.waitFor(/hook post_worker_init/);
    t.is((await request(`${server.url}/there`)).text, 'ok');
    await server.waitFor(/hook pre_request GET \/there/);
    await server.waitFor(/hook post_request GET 200 OK/);
    t.notRegex(server.log(), /WARNING/);
    t.is((await server.stop()).code, 0);
    // Two processes write them: which of the first two lines comes first is nobody's promise.
    for (const hook of ['worker_exit', 'child_exit True'])
      t.regex(server.log(), new RegExp(`hook ${hook}[^]*hook on_exit`));
  });
}

test('worker_int is called when the workers are to leave at once', async (t) => {
  const server = await startServer(t, {
    files: { 'wsgi.py': APP, 'gunicorn.conf.py': CONFIG },
    args: ['wsgi:app'],
  });
  server.signal('SIGQUIT');
  await server.waitFor(/hook worker_int/);
  await server.waitFor(/hook worker_exit/);
  t.is((await server.ended()).code, 0);
});
