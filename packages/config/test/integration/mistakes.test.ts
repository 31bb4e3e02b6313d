import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { OperatorError } from '@gunicorn-ts/interface';
import { Project, workerClass } from './project.ts';

async function mistakes(
  project: Project,
  argv: readonly string[],
  options: Parameters<Project['interpret']>[1] = {},
): Promise<{ code: string; exitCode: number; message: string }> {
  const error = await project.interpret(argv, options).catch((thrown: unknown) => thrown);
  if (!OperatorError.is(error)) throw error;
  return {
    code: error.code,
    exitCode: error.exitCode,
    message: error.message.replaceAll(project.path, '/P'),
  };
}

test('Every mistake of the file is reported at once, each with its line', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default {
  workres: 1,
  max_requests: 2,
  timeout: 'soon',
  whenReady: 'later',
};\n`,
  });
  t.deepEqual(await mistakes(project, ['x']), {
    code: 'ERR_SETTINGS',
    exitCode: 1,
    message: [
      '4 mistakes in the settings:',
      '  - workres is not a setting (/P/gunicorn.conf.mjs:2); did you mean workers?',
      `  - max_requests is Gunicorn's name (/P/gunicorn.conf.mjs:3); write maxRequests`,
      '  - timeout must be a number of seconds, 0 or more, not "soon" (/P/gunicorn.conf.mjs:4); for example timeout: 30',
      '  - whenReady must be a function, not "later" (/P/gunicorn.conf.mjs:5); for example whenReady: (server) => {}',
    ].join('\n'),
  });
});

test('One mistake is one sentence', async (t) => {
  const { message } = await mistakes(new Project(t), []);
  t.is(
    message,
    'No application module specified; name it, as in: gunicorn app.ts, gunicorn dist/server.js:app, or gunicorn mysite.wsgi, or set app in gunicorn.conf.ts',
  );
});

test('A flag that is not understood, or whose value is not, is exit code 2', async (t) => {
  const project = new Project(t);
  t.like(await mistakes(project, ['x', '--workres', '3']), { code: 'ERR_USAGE', exitCode: 2 });
  t.like(await mistakes(project, ['x', '--workers', 'two']), {
    code: 'ERR_USAGE',
    exitCode: 2,
    message:
      'workers must be a whole number of 0 or more, or "auto", not "two" (flag --workers); for example --workers auto',
  });
  t.like(await mistakes(project, ['x', 'y']), {
    code: 'ERR_USAGE',
    message:
      '"y" is one argument too many: the application is "x"; remove it, or put it behind the flag it belongs to',
  });
  const env = { GUNICORN_CMD_ARGS: '--workers=two' };
  t.like(await mistakes(project, ['x'], { env }), { code: 'ERR_USAGE', exitCode: 2 });
});

const files: [title: string, files: Record<string, string>, argv: string[], message: RegExp][] = [
  [
    'A file that throws',
    {
      'gunicorn.conf.ts': `import { f } from './f.ts';\nexport default { workers: f() };\n`,
      'f.ts': `export function f(): number {\n  throw new Error('no database');\n}\n`,
    },
    [],
    /^\/P\/gunicorn\.conf\.ts could not be loaded: Error: no database\n +at f \(\/P\/f\.ts:2:9\)\n +at \/P\/gunicorn\.conf\.ts:2:\d+$/,
  ],
  [
    'A function that throws',
    { 'gunicorn.conf.mjs': `export default function config() {\n  throw new TypeError('bad');\n}\n` },
    [],
    /could not be loaded: TypeError: bad\n +at config \(\/P\/gunicorn\.conf\.mjs:2:9\)$/,
  ],
  [
    'A syntax error',
    {
      'gunicorn.conf.mjs': `import './g.mjs';\nexport default {};\n`,
      'g.mjs': 'const a = 1;\nconst a = 2;\n',
    },
    [],
    /SyntaxError: Identifier 'a' has already been declared\n +at \/P\/g\.mjs:2\n +const a = 2;\n +\^$/,
  ],
  [
    'A syntax error in TypeScript',
    { 'gunicorn.conf.ts': `const n: number = 1;\nexport default {\n  workers n,\n};\n` },
    [],
    /gunicorn\.conf\.ts could not be loaded: SyntaxError: [^\n]*\n +at \/P\/gunicorn\.conf\.ts:3\n +workers n,/,
  ],
  [
    'An import that does not exist',
    { 'gunicorn.conf.mjs': `import './nothing.mjs';\nexport default {};\n` },
    [],
    /Cannot find module '\/P\/nothing\.mjs' imported from \/P\/gunicorn\.conf\.mjs$/,
  ],
  [
    'A file without a default export',
    { 'gunicorn.conf.ts': 'export const workers = 2;\n' },
    [],
    /has no default export \(it exports workers\); write export default defineConfig\(\{ workers: 2 \}\)$/,
  ],
  [
    'A file that exports a list',
    { 'gunicorn.conf.mjs': 'export default [];\n' },
    [],
    /an object of settings, not a list/,
  ],
  ['A file that exports a number', { 'gunicorn.conf.mjs': 'export default () => 3;\n' }, [], /not number/],
  [
    'Two files',
    { 'gunicorn.conf.ts': '', 'gunicorn.conf.mjs': '' },
    [],
    /^There are gunicorn\.conf\.ts and gunicorn\.conf\.mjs in \/P; keep one, or choose with --config$/,
  ],
  [
    'A file that does not exist',
    {},
    ['-c', 'no.ts'],
    /^The configuration file no\.ts \(flag -c\) does not exist; correct its path$/,
  ],
  [
    'A Python file',
    { 'x.py': '' },
    ['-c', 'x.py'],
    /^The configuration file x\.py \(flag -c\) is Python, which needs the package @gunicorn-ts\/python; install it, or write gunicorn\.conf\.ts$/,
  ],
  ['A Python module', {}, ['-c', 'python:x.y'], /^The configuration file python:x\.y \(flag -c\) is Python/],
  [
    'Another kind of file',
    { 'x.json': '{}' },
    ['-c', 'x.json'],
    /is no program; write its settings in a file that ends in one of \.ts, \.mts, \.js, \.mjs, \.cjs, \.py$/,
  ],
  ['A folder', { 'x/y': '' }, ['-c', 'x'], /is a folder; name the file in it$/],
];

test('A file that GUNICORN_CMD_ARGS names is blamed on it', async (t) => {
  const env = { GUNICORN_CMD_ARGS: '--config no.ts' };
  const { message } = await mistakes(new Project(t), ['x'], { env });
  t.is(message, 'The configuration file no.ts (GUNICORN_CMD_ARGS --config) does not exist; correct its path');
});

for (const [title, content, argv, message] of files) {
  test(`${title} is explained`, async (t) => {
    const found = await mistakes(new Project(t, content), ['x', ...argv]);
    t.like(found, { code: 'ERR_CONFIG_FILE', exitCode: 1 });
    t.regex(found.message, message);
  });
}

test('A worker class that cannot be found is reported together with wrong values', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.mjs': `export default { timeout: 'x', unknown: 1 };\n` });
  const resolveWorkerClass = () => Promise.reject(new OperatorError('ERR_X', 'workerClass: there is none'));
  const { message } = await mistakes(project, ['x'], { resolveWorkerClass });
  t.regex(message, /^2 mistakes[^\n]*\n {2}- timeout must be[^\n]*\n {2}- workerClass: there is none$/);
  t.like(await mistakes(new Project(t), ['x'], { resolveWorkerClass }), { code: 'ERR_X' });
});

test('A key that nobody knows is reported together with what the settings say of each other', async (t) => {
  const conf = `export default { workres: 2, certfile: '/no/cert.pem', user: 'no-such-user' };\n`;
  const { message, exitCode } = await mistakes(new Project(t, { 'gunicorn.conf.mjs': conf }), ['x']);
  t.is(exitCode, 1);
  t.regex(message, /^3 mistakes/);
  for (const key of ['workres', 'certfile', 'user']) t.regex(message, new RegExp(`- ${key} `));
});

test('A worker class may refuse settings, and one without TLS refuses certificates', async (t) => {
  const project = new Project(t);
  const mine = workerClass({
    name: 'mine',
    serves: { kinds: ['node'], concurrency: 'many', keepAlive: true, tls: false },
    check: () => [{ setting: 'keepalive', message: 'cannot be honoured' }],
  });
  const resolveWorkerClass = () => Promise.resolve({ workerClass: mine, workerModule: 'file:///x' });
  const argv = ['x', '--keep-alive', '5', '--certfile', 'c', '--keyfile', 'k'];
  const { message } = await mistakes(project, argv, { resolveWorkerClass });
  t.regex(message, /certfile cannot be used: worker class "mine" does not serve TLS \(flag --certfile\)/);
  t.regex(message, /keepalive cannot be honoured \(flag --keep-alive\)/);
});

test('A directory that does not exist is blamed on chdir', async (t) => {
  const { message, exitCode } = await mistakes(new Project(t), ['x', '--chdir', 'nowhere']);
  t.is(
    message,
    'chdir must be a folder that exists, not "/P/nowhere" (flag --chdir); create it, or name another',
  );
  t.is(exitCode, 1);
});

test('Users and groups that do not exist are named', async (t) => {
  const { message } = await mistakes(new Project(t), ['x', '-u', 'no-such-user', '-g', 'no-such-group']);
  t.regex(message, /user "no-such-user" does not exist \(flag -u\)/);
  t.regex(message, /group "no-such-group" does not exist \(flag -g\)/);
});

test('OpenSSL tries key and certificate, and the setting to blame is named', async (t) => {
  const project = new Project(t, { 'not.pem': 'nothing' });
  for (const name of ['a', 'b']) {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-keyout',
      project.file(`${name}.key`),
    ];
    const words = [
      'req',
      '-x509',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      ...key,
      '-out',
      project.file(`${name}.crt`),
    ];
    execFileSync('openssl', words, { stdio: 'pipe' });
  }
  const tls = (cert: string, key: string, ...more: string[]) => [
    'x',
    '--certfile',
    cert,
    '--keyfile',
    key,
    ...more,
  ];
  t.is(
    (await project.load(tls('a.crt', 'a.key', '--ciphers', 'ECDHE+AESGCM'))).settings.certfile,
    project.file('a.crt'),
  );
  const both = ['a.key', 'a.crt'].map((name) => readFileSync(project.file(name), 'utf8')).join('');
  writeFileSync(project.file('both.pem'), both);
  t.is((await project.load(['x', '--certfile', 'both.pem'])).settings.keyfile, project.file('both.pem'));
  const cases: [argv: string[], message: RegExp][] = [
    [
      tls('a.crt', 'b.key'),
      /^keyfile \("\/P\/b\.key"\) does not belong to the certificate in certfile \(flag --keyfile\); name the key/,
    ],
    [
      tls('not.pem', 'a.key'),
      /^certfile \("\/P\/not\.pem"\) is not a PEM file \(flag --certfile\); name a file with/,
    ],
    [tls('a.crt', 'not.pem'), /^keyfile \("\/P\/not\.pem"\) is (not a PEM file|refused by OpenSSL)/],
    [
      tls('a.crt', 'a.key', '--ciphers', 'NONSENSE'),
      /^ciphers names no cipher that OpenSSL knows \(flag --ciphers\); openssl ciphers lists them$/,
    ],
    [
      ['x', '--certfile', 'a.crt'],
      /^certfile \("\/P\/a\.crt"\) holds no private key, and there is no keyfile \(flag --certfile\); name the file with/,
    ],
    [
      tls('no.crt', 'a.key'),
      /^certfile names "\/P\/no\.crt", which does not exist \(flag --certfile\); correct the path$/,
    ],
  ];
  for (const [argv, message] of cases) t.regex((await mistakes(project, argv)).message, message);
});
