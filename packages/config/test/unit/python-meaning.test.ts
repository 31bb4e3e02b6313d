import test from 'ava';
import { shortWorkerClass } from '../../src/gunicorn-worker-class.ts';
import { findMeanings } from '../../src/python-meaning.ts';
import type { PythonFinding, PythonNames } from '../../src/python-names.ts';
import { builtinDefinitions } from '../../src/registry.ts';

function meaning(names: Partial<PythonNames>): readonly PythonFinding[] {
  return findMeanings({ values: {}, functions: {}, objects: {}, ...names }, builtinDefinitions);
}

test(`Gunicorn's names become ours`, (t) => {
  const table: readonly (readonly [string, unknown, string, unknown])[] = [
    ['bind', ['127.0.0.1:8000', 'unix:/run/x'], 'bind', ['127.0.0.1:8000', 'unix:/run/x']],
    ['workers', '3', 'workers', '3'],
    ['wsgi_app', 'mysite.wsgi:application', 'app', 'mysite.wsgi:application'],
    ['raw_env', ['A=1'], 'rawEnv', ['A=1']],
    ['worker_class', 'gevent', 'workerClass', 'gevent'],
    ['preload_app', true, 'preloadApp', true],
    ['reload', 'True', 'reload', true],
    ['limit_request_field_size', 8190, 'limitRequestFieldSize', 8190],
    ['secure_scheme_headers', { 'X-A': 'on' }, 'secureSchemeHeaders', { 'X-A': 'on' }],
    ['forwarded_allow_ips', '*', 'forwardedAllowIps', '*'],
    ['proxy_protocol', true, 'proxyProtocol', true],
    ['permit_unconventional_http_method', true, 'permitUnconventionalHttpMethod', true],
  ];
  for (const [name, value, key, expected] of table) {
    t.deepEqual(meaning({ values: { [name]: value } }), [{ kind: 'setting', name, key, value: expected }]);
  }
});

test('None is the default, and says nothing', (t) => {
  t.deepEqual(meaning({ values: { pidfile: null, certfile: null, when_ready: null } }), []);
});

test('a class that Gunicorn has by a short name is known by it', (t) => {
  t.deepEqual(meaning({ objects: { worker_class: 'gunicorn.workers.gthread.ThreadWorker' } }), [
    {
      kind: 'setting',
      name: 'worker_class',
      key: 'workerClass',
      value: 'gunicorn.workers.gthread.ThreadWorker',
    },
  ]);
});

test('what does not exist here says why, unless it asks for nothing', (t) => {
  const asked = {
    dirty_workers: 3,
    spew: true,
    dirty_apps: ['a:b'],
  };
  const found = meaning({ values: asked, objects: { paste: 'mine.Class' } });
  t.deepEqual(
    found.map(({ kind, name }) => [kind, name]),
    [...Object.keys(asked), 'paste'].map((name) => ['unsupported', name]),
  );
  const nothing = {
    dirty_workers: null,
    spew: false,
    dirty_apps: [],
    protocol: 'http',
    paste: '',
    sendfile: false,
    asgi_loop: 'uvloop',
    suppress_ragged_eofs: false,
  };
  t.deepEqual(meaning({ values: nothing, objects: { logger_class: 'gunicorn.glogging.Logger' } }), []);
});

test('hooks are told apart by the process that calls them', (t) => {
  const found = meaning({ functions: { post_fork: 2, when_ready: 1, ssl_context: 2, helper: 0 } });
  t.deepEqual(found, [
    { kind: 'worker-hook', name: 'post_fork' },
    { kind: 'arbiter-hook', name: 'when_ready', key: 'whenReady' },
    { kind: 'arbiter-hook', name: 'ssl_context', key: 'sslContext' },
    { kind: 'unknown', name: 'helper', near: undefined },
  ]);
});

test('a hook that is no function is refused', (t) => {
  const [found] = meaning({ values: { post_fork: 'mymodule.post_fork' } });
  t.is(
    found?.kind === 'unsupported' ? found.problem.message : '',
    'is a hook, and must be a function, not "mymodule.post_fork"',
  );
});

test('a variable of the file is left alone, and a slip of the pen is not', (t) => {
  t.deepEqual(meaning({ values: { cpu_count: 4, worker_clas: 'gevent', workerClass: 'gevent' } }), [
    { kind: 'unknown', name: 'cpu_count', near: undefined },
    { kind: 'unknown', name: 'worker_clas', near: 'worker_class' },
    { kind: 'unknown', name: 'workerClass', near: 'worker_class' },
  ]);
});

test('a name that could only have meant what is so anyway, or what it cannot mean, is left alone', (t) => {
  const values = {
    preload: false,
    worker_clas: 'sync',
    chek_config: null,
    when_redy: 'soon',
    dogstatsd_tgs: '',
  };
  const functions = { preload_ap: 0, post_frok: 2 };
  t.deepEqual(
    meaning({ values, functions }).map((found) => found.kind === 'unknown' && found.near),
    [undefined, undefined, undefined, undefined, undefined, undefined, 'post_fork'],
  );
  t.deepEqual(meaning({ values: { preload: true } }), [
    { kind: 'unknown', name: 'preload', near: 'preload_app' },
  ]);
});

test('an object where a value is needed is named', (t) => {
  const [found] = meaning({ objects: { timeout: 'datetime.timedelta', Helper: '__config__.Helper' } });
  t.is(found?.kind === 'unsupported' ? found.name : '', 'timeout');
});

test('a class of workers is asked for by its name, and refused where classes are found', (t) => {
  t.deepEqual(meaning({ objects: { worker_class: 'mine.Worker' } }), [
    { kind: 'setting', name: 'worker_class', key: 'workerClass', value: 'mine.Worker' },
  ]);
});

for (const [name, short] of [
  ['gunicorn.workers.sync.SyncWorker', 'sync'],
  ['gunicorn.workers.gthread.ThreadWorker', 'gthread'],
  ['gunicorn.workers.ggevent.GeventWorker', 'gevent'],
  ['gevent_pywsgi', 'gevent'],
  ['egg:gunicorn#gevent_wsgi', 'gevent'],
  ['egg:gunicorn#sync', 'sync'],
  ['egg:gunicorn#eventlet', 'eventlet'],
  ['egg:meinheld#gunicorn_worker', 'egg:meinheld#gunicorn_worker'],
  ['./my-worker.ts', './my-worker.ts'],
] as const) {
  test(`worker class ${name} is ${short}`, (t) => t.is(shortWorkerClass(name), short));
}
