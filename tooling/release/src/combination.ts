import type { Asked } from './installed.ts';
import type { Trial } from './trial.ts';

/** Packages that people are told to install together, what that brings, and what they do with it. */
export interface Combination {
  readonly name: string;
  /** What is typed behind `npm install`. */
  readonly add: readonly string[];
  readonly asked: Asked;
  readonly trials: readonly Trial[];
}

const own = (...names: readonly string[]): string[] => names.map((name) => `@gunicorn-ts/${name}`);

const PINO = [
  '@pinojs/redact',
  'atomic-sleep',
  'on-exit-leak-free',
  'pino',
  'pino-abstract-transport',
  'pino-std-serializers',
  'process-warning',
  'quick-format-unescaped',
  'real-require',
  'safe-stable-stringify',
  'sonic-boom',
  'split2',
  'thread-stream',
];
const CONFIG = [...own('config', 'interface', 'logging', 'posix'), 'jiti', ...PINO];
const HTTP_SERVER = [...own('http', 'http-server', 'interface', 'posix', 'transport', 'wsgi'), 'ws'];
const COMMAND = [
  ...new Set([
    'gunicorn-ts',
    ...CONFIG,
    ...HTTP_SERVER,
    ...own('admin', 'arbiter', 'control', 'export', 'metrics'),
    ...own('scaffold', 'systemd', 'worker-event', 'worker-host', 'worker-sync'),
  ]),
];

const NODE_APP = "export default (request, response) => response.end('served by ' + process.title);\n";
const PYTHON_APP = [
  'def app(environ, start_response):',
  "    start_response('200 OK', [('Content-Type', 'text/plain')])",
  "    return [b'served by Python']",
  '',
].join('\n');

/** Everything that a README or a page tells people to install. */
export const COMBINATIONS: readonly Combination[] = [
  {
    name: 'the command',
    add: ['gunicorn-ts'],
    asked: { packages: COMMAND, megabytes: 12.5 },
    trials: [
      {
        kind: 'command',
        files: { 'app.js': NODE_APP },
        args: ['--workers', '2', 'app.js'],
        answer: /^served by gunicorn/,
      },
      {
        kind: 'command',
        files: { 'app.js': NODE_APP, 'gunicorn.conf.ts': CONFIG_FILE() },
        args: [],
        answer: /^served by gunicorn: worker \[shop\]/,
      },
    ],
  },
  {
    name: 'the command, with Python',
    add: ['gunicorn-ts', '@gunicorn-ts/python'],
    asked: { packages: [...COMMAND, '@gunicorn-ts/python'], megabytes: 13.5 },
    trials: [
      { kind: 'command', files: { 'app.py': PYTHON_APP }, args: ['app:app'], answer: /^served by Python$/ },
    ],
  },
  {
    name: 'the arbiter and a worker class, as a library',
    add: own('arbiter', 'config', 'logging', 'worker-event', 'worker-host'),
    asked: {
      packages: [
        ...new Set([...CONFIG, ...HTTP_SERVER, ...own('arbiter', 'metrics', 'worker-event', 'worker-host')]),
      ],
      megabytes: 11,
    },
    trials: [
      {
        kind: 'readme',
        package: 'arbiter',
        files: { 'app.js': NODE_APP },
        answer: /^served by gunicorn/,
      },
    ],
  },
  {
    name: 'the HTTP server',
    add: own('http-server'),
    asked: { packages: HTTP_SERVER, megabytes: 5 },
    trials: [{ kind: 'readme', package: 'http-server', snippets: [1], answer: /^Hello from \/\n$/ }],
  },
  {
    name: 'settings',
    add: own('config'),
    asked: { packages: CONFIG, megabytes: 7.5 },
    trials: [{ kind: 'readme', package: 'config', files: { 'app.ts': NODE_APP }, prints: /bind\b.*:8000/ }],
  },
  {
    name: 'exporters',
    add: own('config', 'export'),
    asked: { packages: [...CONFIG, ...own('export', 'systemd')], megabytes: 7.5 },
    trials: [{ kind: 'readme', package: 'export', files: { 'app.js': NODE_APP }, prints: /ExecStart=/ }],
  },
  {
    name: 'systemd units',
    add: own('systemd'),
    asked: { packages: own('interface', 'posix', 'systemd'), megabytes: 4 },
    trials: [{ kind: 'readme', package: 'systemd', prints: /ExecStart=.*costs \$\$5/ }],
  },
];

function CONFIG_FILE(): string {
  return [
    "import { defineConfig } from 'gunicorn-ts';",
    "export default defineConfig({ app: './app.js', workers: 1, procName: 'shop' });",
    '',
  ].join('\n');
}
