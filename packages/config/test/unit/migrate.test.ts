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
dirty_workers = 3
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
      dirty_workers: 3,
      cores: 4,
    },
    functions: { post_fork: 2, when_ready: 1 },
    objects: {},
  };
  t.is(
    renderMigration(
      findMeanings(names, builtinDefinitions),
      { name: 'gunicorn.conf.py', source, translation: { imports: [], expressions: {} } },
      builtinDefinitions,
    ),
    `import { defineConfig } from 'gunicorn-ts';
import type {} from '@gunicorn-ts/python';

// Made from gunicorn.conf.py.
export default defineConfig({
  bind: ['127.0.0.1:8000', 'unix:/run/it\\'s.sock'],
  // Computed: workers = multiprocessing.cpu_count() * 2 + 1
  workers: 5,
  timeout: 30,
  reload: true,
  secureSchemeHeaders: { 'X-Forwarded-Proto': 'https' },
  // dirty_workers has no effect here: there are no dirty workers.
  // Called in Python, where they are: post_fork, when_ready.
  pythonConfig: 'gunicorn.conf.py',
  // Not settings: cores.
});
`,
  );
});

test('what is computed stays computed, where it means the same in both languages', (t) => {
  const source = `import os, multiprocessing
port = os.environ.get("PORT", "8000")
bind = f"0.0.0.0:{port}"
workers = multiprocessing.cpu_count() * 2 + 1
timeout = os.environ.get("TIMEOUT", 30)
reload = os.environ.get("RELOAD", "false")
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
keepalive = lookup(5)
`;
  const values = {
    port: '8000',
    bind: '0.0.0.0:8000',
    workers: 9,
    timeout: 30,
    reload: 'false',
    loglevel: 'info',
    keepalive: 5,
  };
  const expression = (code: string, kind: 'number' | 'text' | 'other', uses: string[] = []) => ({
    code,
    kind,
    uses,
  });
  const translation = {
    imports: ["import { availableParallelism } from 'node:os';"],
    expressions: {
      port: expression("process.env['PORT'] ?? '8000'", 'text'),
      bind: expression('`0.0.0.0:${port}`', 'text', ['port']),
      workers: expression('(availableParallelism() * 2) + 1', 'number'),
      timeout: expression("process.env['TIMEOUT'] ?? 30", 'other'),
      reload: expression("process.env['RELOAD'] ?? 'false'", 'text'),
      loglevel: expression("(process.env['LOG_LEVEL'] ?? 'info').toLowerCase()", 'text'),
    },
  };
  const names = { values, functions: {}, objects: {} };
  t.is(
    renderMigration(
      findMeanings(names, builtinDefinitions),
      { name: 'gunicorn.conf.py', source, translation },
      builtinDefinitions,
    ),
    `import { availableParallelism } from 'node:os';
import { type ConfigInput, defineConfig } from 'gunicorn-ts';

const port = process.env['PORT'] ?? '8000';

// Made from gunicorn.conf.py.
export default defineConfig({
  bind: \`0.0.0.0:\${port}\`,
  workers: (availableParallelism() * 2) + 1,
  timeout: Number(process.env['TIMEOUT'] ?? 30),
  reload: /^true$/i.test(process.env['RELOAD'] ?? 'false'),
  loglevel: ((process.env['LOG_LEVEL'] ?? 'info').toLowerCase()) as ConfigInput['loglevel'],
  // Computed: keepalive = lookup(5)
  keepalive: 5,
  // Not settings: port.
});
`,
  );
});
