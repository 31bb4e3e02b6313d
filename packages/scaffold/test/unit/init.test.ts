import test from 'ava';
import { lintDockerfile } from '../../../container/src/dockerfile-lint.ts';
import { findTarget } from '../../src/find/find-target.ts';
import { type InitOptions, planInit } from '../../src/init.ts';
import type { Plan } from '../../src/plan.ts';
import { projectOf } from './project-of.ts';

const options: InitOptions = { version: '0.1.0', manager: 'npm', isFromPip: false };

function plan(files: Readonly<Record<string, string | object>>, more: Partial<InitOptions> = {}): Plan {
  const project = projectOf(files);
  const [found] = findTarget(project);
  if (found === undefined) throw new Error('nothing was found');
  return planInit(found, project, { ...options, ...more });
}

const paths = ({ files }: Plan): string[] => files.map(({ path }) => path);

test('a Node.js project gets settings, a script and an image, and hears what to install', (t) => {
  const made = plan({ 'package.json': { dependencies: { express: '5' } }, 'app.js': '' });
  t.deepEqual(paths(made), ['gunicorn.conf.ts', 'Dockerfile', '.dockerignore']);
  t.regex(made.files[0]?.text ?? '', /app: '\.\/app\.js',[\s\S]*workerClass: 'event'/);
  t.deepEqual(made.script, { name: 'start', words: 'gunicorn' });
  t.deepEqual(made.next, ['npm install gunicorn-ts', 'npm run start']);
});

const ECOSYSTEM = `module.exports = {
  apps: [
    { name: 'shop', script: './server.js', instances: 2, exec_mode: 'cluster', max_memory_restart: '500M', kill_timeout: 5000 },
    { name: 'jobs', script: './jobs.js', instances: 7 },
  ],
};`;

test('what PM2 was told of its first application is carried over, and its file is not taken for one', (t) => {
  const made = plan({
    'package.json': { scripts: { start: 'pm2 start ecosystem.config.cjs' } },
    'ecosystem.config.cjs': ECOSYSTEM,
    'server.js': '',
    'jobs.js': '',
  });
  const text = made.files[0]?.text ?? '';
  t.regex(text, /app: '\.\/server\.js',/);
  t.regex(text, /instances: 2\n  workers: 2,\n/);
  t.regex(text, /maxWorkerMemory: '500mb',\n/);
  t.regex(text, /gracefulTimeout: 5,\n/);
  t.notRegex(text, /auto|jobs|7/);
  t.regex(text, /procName: 'shop',\n/);
  t.deepEqual(made.notes, [
    'ecosystem.config.cjs: it starts 1 more, each of which is a server with settings of its own',
  ]);
});

test('workers that PM2 counted from the processors are counted here, and what it computes is not guessed', (t) => {
  const file = "export default { apps: [{ script: 'server.js', instances: 'max', kill_timeout: grace() }] };";
  const text = plan({ 'ecosystem.config.js': file, 'server.js': '' }).files[0]?.text ?? '';
  t.regex(text, /workers: 'auto'/);
  t.notRegex(text, /gracefulTimeout/);
});

test('a start script that is there is left, and one beside it is added', (t) => {
  const made = plan({
    'package.json': { scripts: { start: 'node app.js' }, dependencies: { 'gunicorn-ts': '0.1.0' } },
    'app.js': '',
    'pnpm-lock.yaml': '',
  });
  t.deepEqual(made.script, { name: 'start:gunicorn', words: 'gunicorn' });
  t.deepEqual(made.next, ['pnpm run start:gunicorn']);
  t.regex(made.files[1]?.text ?? '', /COPY package\.json pnpm-lock\.yaml \.\//);
});

test('a project that has settings in any language gets no others', (t) => {
  const files = { 'app.js': 'x.listen(1)', 'gunicorn.conf.py': '' };
  t.deepEqual(paths(plan(files)), ['Dockerfile', '.dockerignore']);
});

const FLASK = { 'app.py': 'from flask import Flask\napp = Flask("a")\n' };

test('a project of Python alone gets settings in Python, and an image where its requirements are listed', (t) => {
  t.deepEqual(paths(plan(FLASK)), ['gunicorn.conf.py']);
  t.regex(plan(FLASK).notes?.join() ?? '', /^no Dockerfile: neither requirements\.txt nor uv\.lock/);
  const made = plan({ ...FLASK, 'requirements.txt': 'flask\n' });
  t.deepEqual(paths(made), ['gunicorn.conf.py', 'Dockerfile', '.dockerignore']);
  t.regex(made.files[0]?.text ?? '', /wsgi_app = "app:app"[\s\S]*worker_class = "gthread"/);
  t.is(made.script, undefined);
  t.deepEqual(made.next, ['gunicorn']);
});

test('a project of Python in which things come from npm gets typed settings, but for a command from pip', (t) => {
  const files = { ...FLASK, 'package.json': { devDependencies: { tailwindcss: '4' } } };
  const made = plan(files);
  t.deepEqual(paths(made), ['gunicorn.conf.ts']);
  t.deepEqual(made.next, ['npm install gunicorn-ts @gunicorn-ts/python', 'npm run start']);
  t.deepEqual(paths(plan(files, { isFromPip: true })), ['gunicorn.conf.py']);
});

for (const [language, files, lines] of [
  [
    'Node.js',
    { 'package.json': { scripts: { build: 'tsc' } }, 'app.js': 'x.listen(1)' },
    ['COPY package.json package-lock.json ./', 'RUN npm run build && npm prune --omit=dev'],
  ],
  [
    'Node.js, by a later yarn that is kept in the project',
    {
      'package.json': {},
      'app.js': 'x.listen(1)',
      'yarn.lock': '',
      '.yarnrc.yml': '',
      '.yarn/releases/y.cjs': '',
    },
    ['COPY .yarn ./.yarn', 'RUN yarn workspaces focus --all --production'],
  ],
  ['Python, by pip', { ...FLASK, 'requirements.txt': 'flask\n' }, ['COPY requirements.txt ./']],
  [
    'Python, by uv',
    { ...FLASK, 'pyproject.toml': '', 'uv.lock': '' },
    ["RUN uv pip install 'gunicorn-ts>=0.1.0'"],
  ],
] as const) {
  test(`an image of ${language} is that of an export, with the settings of the project`, (t) => {
    const image = plan(files).files.find(({ path }) => path === 'Dockerfile')?.text ?? '';
    t.deepEqual(lintDockerfile(image), []);
    for (const line of lines) t.true(image.split('\n').includes(line), `${line} in\n${image}`);
    t.true(image.includes('CMD ["--bind=0.0.0.0:8000","--admin-bind=0.0.0.0:9000"]\n'));
  });
}
