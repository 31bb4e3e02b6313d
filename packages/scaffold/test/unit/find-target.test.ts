import test from 'ava';
import { findTarget } from '../../src/find/find-target.ts';
import { projectOf } from './project-of.ts';

type Files = Readonly<Record<string, string | object>>;

/** Title, files, and the target with what is said of it. */
const CASES: readonly (readonly [title: string, files: Files, found: string])[] = [
  [
    'a script that node starts is found by package.json',
    {
      'package.json': { scripts: { start: 'node --enable-source-maps dist/server.js' } },
      'dist/server.js': '',
    },
    './dist/server.js: an application, "start" in package.json',
  ],
  [
    'of several scripts that for production counts',
    {
      'package.json': {
        scripts: { start: 'nest start', 'start:prod': 'node dist/main' },
        dependencies: { '@nestjs/core': '12' },
      },
      'dist/main.js': '',
      'src/main.ts': '',
    },
    './dist/main.js: Nest, "start:prod" in package.json',
  ],
  [
    'a start through npm-run-all leads to the entry of the package',
    {
      'package.json': {
        main: 'lib/index.js',
        scripts: { start: 'run-s build serve' },
        dependencies: { koa: '3' },
      },
      'lib/index.js': '',
    },
    './lib/index.js: Koa, "main" in package.json',
  ],
  [
    'without either a usual name counts, that of the sources first',
    { 'package.json': { dependencies: { express: '5' } }, 'src/app.ts': '', 'dist/app.js': '' },
    './src/app.ts: Express, src/app.ts',
  ],
  [
    'a file of a usual name that serves nothing is none',
    { 'index.js': 'console.log(1)', 'server.js': "require('http').createServer(app).listen(80)" },
    './server.js: an application, server.js',
  ],
  [
    'Django is found by manage.py and the settings that it names',
    {
      'manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
      'shop/settings.py': 'DEBUG = True',
      'shop/wsgi.py': '',
      'shop/asgi.py': '',
      'api/wsgi.py': '',
    },
    'shop.wsgi:application: Django, manage.py',
  ],
  [
    'a Django project that names its ASGI application is served by that',
    {
      'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.base')",
      'config/settings/base.py': 'ASGI_APPLICATION = "config.asgi.application"',
      'config/wsgi.py': '',
      'config/asgi.py': '',
    },
    'config.asgi:application: Django, manage.py',
  ],
  [
    'FastAPI is found by what a module makes, wherever it is imported from',
    { 'src/shop/main.py': 'import fastapi\napi: fastapi.FastAPI = fastapi.FastAPI(title="shop")\n' },
    'src.shop.main:api: FastAPI, src/shop/main.py',
  ],
  [
    'a factory is called',
    {
      'shop/__init__.py':
        'from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n',
    },
    'shop:create_app(): Flask, shop/__init__.py',
  ],
  [
    'tests make applications as well, and are passed over',
    {
      'tests/app.py': 'from flask import Flask\napp = Flask("t")\n',
      'web.py': 'from flask import Flask\nweb = Flask("w")\n',
    },
    'web:web: Flask, web.py',
  ],
];

for (const [title, files, expected] of CASES) {
  test(title, (t) => {
    const found = findTarget(projectOf(files));
    t.deepEqual(
      found.map(({ application, framework, by }) => `${application.target}: ${framework}, ${by}`),
      [expected],
    );
  });
}

test('a project in both languages has two, and nobody guesses', (t) => {
  const found = findTarget(
    projectOf({ 'app.py': 'from flask import Flask\napp = Flask("a")\n', 'server.js': 'x.listen(1)' }),
  );
  t.deepEqual(
    found.map(({ application }) => application.target),
    ['app:app', './server.js'],
  );
});

test('a Python project with a package.json for its styles has one', (t) => {
  const found = findTarget(
    projectOf({
      'app.py': 'from flask import Flask\napp = Flask("a")\n',
      'package.json': { scripts: { build: 'tailwindcss' }, devDependencies: { tailwindcss: '4' } },
    }),
  );
  t.deepEqual(
    found.map(({ application }) => application.target),
    ['app:app'],
  );
});

test('a folder of anything else has none', (t) => {
  t.deepEqual(
    findTarget(projectOf({ 'package.json': 'no JSON', 'README.md': 'express', 'lib.py': 'x = 1' })),
    [],
  );
});
