import { readdirSync, readFileSync } from 'node:fs';
import { childrenOf, eventually, isRunning, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { pythonTest } from './serve.ts';

const APP = `import os, time


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/hang":
        time.sleep(60)
    body = {"/pid": str(os.getpid()), "/env": f"{os.environ.get('FROM_CONF')} {os.environ.get('LATER')}"}
    data = body.get(path, "ok").encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(data)))])
    return [data]
`;

const textOf = async (url: string): Promise<string> => (await request(url)).text;

pythonTest('what gunicorn.conf.py does reaches the application, and it runs once a load', async (t) => {
  const server = await startServer(t, {
    files: {
      'lib/later.py': 'import os\nos.environ["LATER"] = "found"\n',
      'wsgi.py': `import later\n${APP}`,
      'gunicorn.conf.py': `import os, sys
os.environ["FROM_CONF"] = "yes"
sys.path.insert(0, os.path.abspath("lib"))
open("ran", "a").write("x")
def post_fork(server, worker):
    pass
`,
    },
    args: ['--workers', '3', 'wsgi:app'],
  });
  t.is(await textOf(`${server.url}/env`), 'yes found');
  t.is(readFileSync(server.folder.file('ran'), 'utf8'), 'x');
  server.signal('SIGHUP');
  await server.waitFor(/Booting worker/, { times: 6 });
  t.is(readFileSync(server.folder.file('ran'), 'utf8'), 'xx');
});

pythonTest(
  'hooks of the arbiter do their work: Prometheus, a lock, a file for nginx, a number',
  async (t) => {
    const server = await startServer(t, {
      files: {
        'wsgi.py': APP,
        'gunicorn.conf.py': `import multiprocessing, os

def on_starting(server):
    server.lock = multiprocessing.Lock()
    server.seen = multiprocessing.Value("i", 0)

def when_ready(server):
    open("app-initialized", "w").write(str(server.LISTENERS[0]))

def pre_fork(server, worker):
    worker.number = len(server.WORKERS) + 1

def post_fork(server, worker):
    with server.lock:
        server.seen.value += 1
    open(f"gauge_{worker.pid}.db", "w").write(str(worker.number))

def child_exit(server, worker):
    # prometheus_client.multiprocess.mark_process_dead does this.
    os.remove(f"gauge_{worker.pid}.db")
    server.log.info("marked %s dead, %s workers seen", worker.pid, server.seen.value)
`,
      },
      args: ['--workers', '2', 'wsgi:app'],
    });
    t.is(readFileSync(server.folder.file('app-initialized'), 'utf8'), server.url);
    const areTwo = (): boolean =>
      readdirSync(server.folder.path).filter((name) => name.startsWith('gauge_')).length === 2;
    await eventually(areTwo);
    const pid = await textOf(`${server.url}/pid`);
    t.regex(readFileSync(server.folder.file(`gauge_${pid}.db`), 'utf8'), /^[12]$/);
    process.kill(Number(pid), 'SIGKILL');
    await server.waitFor(new RegExp(`marked ${pid} dead, 2 workers seen`));
    // The next process is forked before its worker comes; a stop in between is another story.
    const serving = new Set([pid]);
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => textOf(`${server.url}/pid`)));
      for (const answer of answers) serving.add(answer);
      return serving.size === 3;
    });
    t.true(areTwo());
    t.is((await server.stop()).code, 0);
    await server.waitFor(/dead, 3 workers seen/, { times: 2 });
  },
);

pythonTest('hooks number the workers after a reload as they do after the start', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': `def nworkers_changed(server, new_value, old_value):
    server.wanted = new_value

def pre_fork(server, worker):
    used = {other.number for other in server.WORKERS.values()}
    worker.number = min(set(range(1, server.wanted + 2)) - used)

def post_fork(server, worker):
    server.log.info("worker number %s of %s", worker.number, server.wanted)
`,
    },
    args: ['--workers', '2', 'wsgi:app'],
  });
  await server.waitFor(/worker number 2 of 2/);
  server.signal('SIGHUP');
  await server.waitFor(/Reload complete/);
  process.kill(Number(await textOf(`${server.url}/pid`)), 'SIGKILL');
  await server.waitFor(/worker number \d of 2/, { times: 5, from: 0 });
  t.notRegex(server.log(), /pre_fork failed/);
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  pythonTest(`a master that gets ${signal} is started anew, and lost workers are replaced`, async (t) => {
    const server = await startServer(t, {
      files: {
        'wsgi.py': APP,
        'gunicorn.conf.py': 'def on_starting(server):\n    print("begun", flush=True)\n',
      },
      args: ['--timeout', '2', 'wsgi:app'],
    });
    const [master, pid] = [server.pythonMaster()!, await textOf(`${server.url}/pid`)];
    process.kill(master, signal);
    await server.waitFor(/Python master started anew/);
    t.not(server.pythonMaster(), master);
    await server.waitFor(/^begun/, { times: 2, from: 0 });
    t.is(await textOf(`${server.url}/pid`), pid);
    process.kill(Number(pid), 'SIGKILL');
    await eventually(async () => (await textOf(`${server.url}/pid`)) !== pid);
    t.is((await server.stop()).code, 0);
    await eventually(() => !isRunning(master));
  });
}

pythonTest('a file that never ends does not outlive an arbiter that is killed', async (t) => {
  const conf = `import os
if os.path.exists("again"):
    open("looping", "w").write(str(os.getpid()))
    while True:
        pass
`;
  const files = { 'wsgi.py': APP, 'gunicorn.conf.py': conf };
  const server = await startServer(t, { files, args: ['wsgi:app'] });
  server.folder.write('again', '');
  server.signal('SIGHUP');
  await eventually(() => server.folder.has('looping'), 'the file that is read again');
  const pid = Number(readFileSync(server.folder.file('looping'), 'utf8'));
  server.signal('SIGKILL');
  await eventually(() => !isRunning(pid), 'the end of the process that runs the file');
  t.false(isRunning(pid));
});

pythonTest('nothing of Python outlives an arbiter that is killed', async (t) => {
  const server = await startServer(t, { files: { 'wsgi.py': APP }, args: ['wsgi:app'] });
  const master = server.pythonMaster()!;
  const pids = [master, ...childrenOf(master)];
  t.is(pids.length, 2);
  server.signal('SIGKILL');
  await eventually(() => !pids.some(isRunning));
});

pythonTest('settings that on_starting changes are those of the start', async (t) => {
  const server = await startServer(t, {
    bind: [],
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': `def on_starting(server):
    server.cfg.set("bind", ["127.0.0.1:0"])
    server.cfg.set("workers", 2)
`,
    },
    args: ['wsgi:app'],
    until: 'listening',
  });
  await server.waitFor(/Booting worker/, { times: 2 });
  t.notRegex(server.log(), /:8000/);
});

pythonTest('a setting that on_starting sets wrong stops the start, and is named', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': 'def on_starting(server):\n    server.cfg.set("workers", "two")\n',
    },
    args: ['wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /workers must be .*"two" \(hook on_starting\)/);
});

pythonTest('a hook with the wrong parameters stops the start', async (t) => {
  const server = await startServer(t, {
    files: { 'wsgi.py': APP, 'gunicorn.conf.py': '\ndef post_fork(worker):\n    pass\n' },
    args: ['wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /post_fork\(worker\).*gunicorn\.conf\.py:2.*write def post_fork\(server, worker\)/);
});

pythonTest('worker_abort is called when a sync request hangs for longer than the timeout', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': 'def worker_abort(worker):\n    print("aborted", worker.pid, flush=True)\n',
    },
    args: ['--timeout', '2', 'wsgi:app'],
  });
  const pid = await textOf(`${server.url}/pid`);
  t.is((await request(`${server.url}/hang`)).status, 504);
  await server.waitFor(new RegExp(`^aborted ${pid}`));
});

pythonTest('--check-config runs the file and none of its hooks', async (t) => {
  const names = ['on_starting', 'when_ready', 'on_exit'].map(
    (name) => `${name} = lambda server: print("called")`,
  );
  const server = await startServer(t, {
    files: {
      'wsgi.py': 'import os\nassert os.environ["FROM_CONF"]\ndef app(environ, start_response): pass\n',
      'gunicorn.conf.py': `import os\nos.environ["FROM_CONF"] = "yes"\n${names.join('\n')}\n`,
    },
    args: ['--check-config', 'wsgi:app'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 0, server.log());
  t.notRegex(server.log(), /called/);
});

pythonTest('a sitecustomize that wraps what is imported, as agents do, sees the application', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'agent/sitecustomize.py': `import builtins
original = builtins.__import__
import importlib.abc, importlib.util, sys

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "wsgi":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            inner = module.app
            def wrapped(environ, start_response):
                environ["PATH_INFO"] = "/wrapped" + environ["PATH_INFO"]
                return inner(environ, start_response)
            module.app = wrapped
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Finder())
`,
    },
    env: { PYTHONPATH: 'agent' },
    args: ['wsgi:app'],
  });
  t.is(await textOf(`${server.url}/pid`), 'ok');
});

const rootTest: typeof pythonTest =
  process.getuid?.() === 0 ? pythonTest : (title, run) => void test.skip(title, run);

rootTest('post_fork runs before the user changes', async (t) => {
  const server = await startServer(t, {
    files: {
      'wsgi.py': APP,
      'gunicorn.conf.py': `import os

def post_fork(server, worker):
    print("forked as", os.getuid(), flush=True)

def post_worker_init(worker):
    print("serves as", os.getuid(), flush=True)
`,
    },
    args: ['--user', '65534', 'wsgi:app'],
    until: 'listening',
  });
  await server.waitFor(/^forked as 0/);
  t.notRegex(server.log(), /^serves as 0/m);
});
