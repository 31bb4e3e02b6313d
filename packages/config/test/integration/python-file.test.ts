import test from 'ava';
import type { PythonNames } from '@gunicorn-ts/config';
import { Project } from './project.ts';

const reads = (names: Partial<PythonNames>) => () =>
  Promise.resolve({ values: {}, functions: {}, objects: {}, process: PROCESS, ...names });

const PROCESS = { hasModule: () => Promise.resolve(false), close: () => {} };

test('gunicorn.conf.py is found, and its settings have their line', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.py': 'import os\n\nmax_requests = 3\n' });
  const loaded = await project.load(['x'], { readPythonConfig: reads({ values: { max_requests: 3 } }) });
  t.is(loaded.settings.maxRequests, 3);
  t.is(loaded.configFile, project.file('gunicorn.conf.py'));
  t.deepEqual(loaded.sources['maxRequests'], {
    kind: 'file',
    path: project.file('gunicorn.conf.py'),
    line: 3,
  });
});

test('a file in TypeScript is preferred, and flags win over both', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.py': '',
    'gunicorn.conf.mjs': 'export default { workers: 5, backlog: 7 }',
  });
  const { settings } = await project.load(['x', '-w', '2'], {
    readPythonConfig: () => Promise.reject(new Error('is not read')),
  });
  t.like(settings, { workers: 2, backlog: 7 });
});

test('-c names a file in Python, or a module', async (t) => {
  const project = new Project(t, { 'config/gunicorn.py': '' });
  const asked: string[] = [];
  const readPythonConfig = (path: string) => {
    asked.push(path);
    return reads({ values: { workers: 2 } })();
  };
  for (const name of ['config/gunicorn.py', 'file:config/gunicorn.py', 'python:mysite.conf']) {
    const { settings } = await project.load(['x', '-c', name], { readPythonConfig });
    t.is(settings.workers, 2);
  }
  const path = project.file('config/gunicorn.py');
  t.deepEqual(asked, [path, path, 'python:mysite.conf']);
});

test('what means nothing here is one warning each, with its line and its cure', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.py':
      'dirty_workers = 3\ndef when_ready(server):\n    pass\nworker_clas = "gthread"\n' +
      'timeout_s = 3\ntimeout = timeout_s\n',
  });
  const { warnings, uncalled = [] } = await project.load(['x'], {
    readPythonConfig: reads({
      values: { dirty_workers: 3, worker_clas: 'gthread', cores: 4, timeout_s: 3, timeout: 3 },
      functions: { when_ready: 1, helper: 0 },
    }),
  });
  t.deepEqual(
    [...warnings, ...uncalled].map(({ setting, source, cure }) => [
      setting,
      source?.kind === 'file' && source.line,
      cure,
    ]),
    [
      ['dirty_workers', 1, 'remove it'],
      ['worker_clas', 4, 'did you mean worker_class?'],
      ['when_ready', 2, 'write whenReady in gunicorn.conf.ts'],
    ],
  );
});

test('a wrong value is a mistake with its place', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.py': 'workers = "two"\n' });
  const error = await t.throwsAsync(
    project.load(['x'], { readPythonConfig: reads({ values: { workers: 'two' } }) }),
  );
  t.regex(error.message, /^workers must be .*"two" \(.*gunicorn\.conf\.py:1\)/);
});

test('what the file throws is told with the name of the file', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.py': '' });
  const readPythonConfig = () => Promise.reject(new Error('ValueError: broken'));
  const error = await t.throwsAsync(project.load(['x'], { readPythonConfig }), { code: 'ERR_CONFIG_FILE' });
  t.regex(error.message, /gunicorn\.conf\.py could not be loaded: ValueError: broken/);
});

test('without the package for Python, a file that is found is left with a word, and one that is named is refused', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.py': 'workers = 3\n' });
  const { settings, warnings } = await project.load(['x']);
  t.is(settings.workers, 1);
  t.regex(warnings[0]?.message ?? '', /gunicorn\.conf\.py is not read: .*@gunicorn-ts\/python/);
  const error = await t.throwsAsync(project.load(['x', '-c', 'gunicorn.conf.py']));
  t.regex(error.message, /is Python, which needs the package @gunicorn-ts\/python; install it/);
});

test('a variable of the file that has the name of a setting of ours stays a variable', async (t) => {
  const file = `env_file = ".env"
request_timeout: int = 7  # request_timeout is ours
log_format = "%(message)s"
server_header = "x"
handlers = {"format": server_header}
load_dotenv(env_file)
`;
  const values = {
    env_file: '.env',
    request_timeout: 7,
    log_format: '%(message)s',
    server_header: 'x',
  };
  const project = new Project(t, { 'gunicorn.conf.py': file });
  const { settings, sources, warnings } = await project.load(['x'], { readPythonConfig: reads({ values }) });
  t.is(settings.requestTimeout, 7);
  for (const key of ['envFile', 'serverHeader', 'logFormat']) t.not(sources[key]?.kind, 'file');
  t.is(settings.logFormat, 'text');
  t.is(warnings.length, 1);
  t.like(warnings[0], { setting: 'log_format', source: { line: 3 } });
  t.regex(warnings[0]!.message, /variable of the file.*must be one of "text", "json"/);
});
