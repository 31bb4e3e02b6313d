import test from 'ava';
import { renderMigration } from '../../src/migrate.ts';
import { findMeanings } from '../../src/python-meaning.ts';
import { builtinDefinitions } from '../../src/registry.ts';

test('gunicorn.conf.py becomes gunicorn.conf.ts, and what cannot says why', (t) => {
  const source = `import multiprocessing
bind = ["127.0.0.1:8000", "unix:/run/it's.sock"]
workers = multiprocessing.cpu_count() * 2 + 1  # as the docs say
timeout = 30
reload = True
secure_scheme_headers = {"X-Forwarded-Proto": "https"}
statsd_host = "localhost:8125"
cores = 4
def post_fork(server, worker):
    pass
def when_ready(server):
    pass
`;
  const names = {
    values: {
      bind: ['127.0.0.1:8000', "unix:/run/it's.sock"],
      workers: 5,
      timeout: 30,
      reload: true,
      secure_scheme_headers: { 'X-Forwarded-Proto': 'https' },
      statsd_host: 'localhost:8125',
      cores: 4,
    },
    functions: { post_fork: 2, when_ready: 1 },
    objects: {},
  };
  t.is(
    renderMigration(findMeanings(names, builtinDefinitions), { name: 'gunicorn.conf.py', source }),
    `import { defineConfig } from 'gunicorn-ts';

// Made from gunicorn.conf.py.
export default defineConfig({
  bind: ['127.0.0.1:8000', 'unix:/run/it\\'s.sock'],
  // Computed: workers = multiprocessing.cpu_count() * 2 + 1
  workers: 5,
  timeout: 30,
  reload: true,
  secureSchemeHeaders: { 'X-Forwarded-Proto': 'https' },
  // statsd_host has no effect here: there are no statsd metrics.
  // when_ready: to be rewritten in TypeScript, since the arbiter runs no Python.
  // whenReady(server) {},
  // Called in Python, where they are: post_fork.
  pythonConfig: 'gunicorn.conf.py',
  // Not settings: cores.
});
`,
  );
});
