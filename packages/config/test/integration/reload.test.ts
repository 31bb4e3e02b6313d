import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { importModule, loadHooks, type PythonRun, renderProblem } from '@gunicorn-ts/config';
import { Project } from './project.ts';

const untyped = {
  config: `import { n } from './n.ts';\nexport default { workers: n };\n`,
  n: (n: number) => `export const n = ${n};\n`,
};

const kinds: [title: string, files: (n: number) => Record<string, string>][] = [
  ['TypeScript without types', (n) => ({ 'gunicorn.conf.ts': untyped.config, 'n.ts': untyped.n(n) })],
  [
    'TypeScript with types',
    (n) => ({ 'gunicorn.conf.ts': untyped.config, 'n.ts': `export const n: number = ${n};\n` }),
  ],
  [
    'TypeScript with enums',
    (n) => ({ 'gunicorn.conf.ts': untyped.config, 'n.ts': `enum N { n = ${n} }\nexport const n = N.n;\n` }),
  ],
  [
    'ES modules',
    (n) => ({
      'gunicorn.conf.mjs': `import { n } from './n.mjs';\nexport default { workers: n };`,
      'n.mjs': untyped.n(n),
    }),
  ],
  [
    'CommonJS',
    (n) => ({
      'gunicorn.conf.cjs': `module.exports = { workers: require('./n.cjs') };`,
      'n.cjs': `module.exports = ${n};`,
    }),
  ],
  [
    'CommonJS imported by an ES module',
    (n) => ({
      'gunicorn.conf.mjs': `import n from './n.cjs';\nexport default { workers: n };`,
      'n.cjs': `module.exports = ${n};`,
    }),
  ],
  [
    'named exports of CommonJS that requires more',
    (n) => ({
      'gunicorn.conf.mjs': `import { n } from './n.cjs';\nexport default { workers: n };`,
      'n.cjs': `module.exports = require('./m.cjs');`,
      'm.cjs': `exports.n = ${n};`,
    }),
  ],
  [
    'JavaScript in a package that says nothing',
    (n) => ({
      'package.json': '{}',
      'gunicorn.conf.js': `const n = require('./n');\nmodule.exports = { workers: n };`,
      'n.js': `module.exports = ${n};`,
    }),
  ],
  [
    'ES modules in a package that says CommonJS',
    (n) => ({
      'package.json': '{"type":"commonjs"}',
      'gunicorn.conf.ts': untyped.config,
      'n.ts': `export const n: number = ${n};\n`,
    }),
  ],
  [
    'a comment before the export',
    (n) => ({ 'gunicorn.conf.js': `/* shop */ export default { workers: ${n} };`, 'package.json': '{}' }),
  ],
  [
    'a comment before the export in TypeScript of a package that says nothing',
    (n) => ({ 'gunicorn.conf.ts': `/* shop */ export default { workers: ${n} as number };` }),
  ],
  [
    'one line, minified',
    (n) => ({
      'gunicorn.conf.js': `const o={export:1,import(){}};import{n}from"./n.js";export{c as default};const c={workers:n};`,
      'n.js': `var a=${n};export{a as n}`,
      'package.json': '{}',
    }),
  ],
  ['a byte order mark', (n) => ({ 'gunicorn.conf.mjs': `\uFEFFexport default { workers: ${n} };` })],
  [
    'an ES module with nothing but a top-level await',
    (n) => ({
      'gunicorn.conf.mjs': `import './n.mjs';\nexport default { workers: globalThis.workersOfTest };`,
      'n.mjs': `globalThis.workersOfTest = await Promise.resolve(${n});`,
    }),
  ],
  [
    'ES modules that CommonJS requires',
    (n) => ({
      'gunicorn.conf.cjs': `module.exports = { workers: require('./n').n + require('./m.mjs').default };`,
      'n.js': `/* one line */ export const n = ${n - 1};`,
      'm.mjs': `import { one } from './one.mjs'; export default one();`,
      'one.mjs': `export const one = () => ${n} - ${n - 1};`,
      'package.json': '{}',
    }),
  ],
  [
    'the words of a module in the comments and texts of CommonJS',
    (n) => ({
      'gunicorn.conf.js': `/*\nexport default 1;\n*/\nconst text = \`\nimport x from 'y';\n\`;\nmodule.exports = { workers: ${n}, procName: text.trim() };`,
      'package.json': '{}',
    }),
  ],
  [
    'CommonJS with types',
    (n) => ({
      'gunicorn.conf.cjs': `module.exports = { workers: require('./n.cts') };`,
      'n.cts': `const n: number = ${n};\nmodule.exports = n;`,
    }),
  ],
  [
    'JSON, imported and required',
    (n) => ({
      'gunicorn.conf.mjs': `import { createRequire } from 'node:module';\nimport one from './one.json' with { type: 'json' };\nexport default { workers: one.n + createRequire(import.meta.url)('./two.json').n };`,
      'one.json': `{ "n": ${n - 1} }`,
      'two.json': `{ "n": 1, "unused": ${n} }`,
    }),
  ],
  [
    'type arguments at a call',
    (n) => ({
      'gunicorn.conf.ts': `const same = (x) => x;\nexport default same<Object>({ workers: ${n} });\n`,
    }),
  ],
];

for (const [title, files] of kinds) {
  test(`A reload sees edits in imported files: ${title}`, async (t) => {
    const project = new Project(t, files(3));
    t.is((await project.load(['x'])).settings.workers, 3);
    for (const [name, text] of Object.entries(files(4))) project.write(name, text);
    t.is((await project.load(['x'], { command: 'reload' })).settings.workers, 4);
  });
}

test('A reload follows links that lead elsewhere now, for what is imported and what is required', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `import { createRequire } from 'node:module';\nimport { n } from './parts/n.mjs';\nexport default { workers: n + createRequire(import.meta.url)('./parts/m') };`,
    'one/n.mjs': 'export const n = 1;',
    'one/m.js': 'module.exports = 10;',
    'two/n.mjs': 'export const n = 2;',
    'two/m.js': 'module.exports = 20;',
    'package.json': '{}',
  });
  symlinkSync('one', project.file('parts'));
  t.is((await project.load(['x'])).settings.workers, 11);
  rmSync(project.file('parts'));
  rmSync(project.file('one'), { recursive: true });
  symlinkSync('two', project.file('parts'));
  t.is((await project.load(['x'], { command: 'reload' })).settings.workers, 22);
});

test('A package that the file imports is loaded once', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `import { loads } from 'counted';\nexport default { workers: loads };\n`,
    'node_modules/counted/package.json': '{"name":"counted","type":"module","exports":"./index.js"}',
    'node_modules/counted/index.js': `import './part.js';\nexport const loads = globalThis.counted;\n`,
    'node_modules/counted/part.js': 'globalThis.counted = (globalThis.counted ?? 0) + 1;\n',
  });
  t.is((await project.load(['x'])).settings.workers, 1);
  t.is((await project.load(['x'], { command: 'reload' })).settings.workers, 1);
});

test('A file that was broken is read again when it is mended', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.ts': 'export default {\n  workers 3\n};\n' });
  await t.throwsAsync(project.load(['x']), { code: 'ERR_CONFIG_FILE' });
  project.write('gunicorn.conf.ts', 'export default {\n  workers: 3\n};\n');
  t.is((await project.load(['x'], { command: 'reload' })).settings.workers, 3);
});

test('Workers load the hooks and nothing else', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.ts': `export default async () => ({ workers: 2, workerExit() {}, postFork: undefined });\n`,
  });
  t.deepEqual(Object.keys(await loadHooks(project.file('gunicorn.conf.ts'))), ['workerExit']);
});

test('Any module can be imported, by path or URL, with or without the cache', async (t) => {
  const project = new Project(t, {
    'a.ts': 'enum A { one = 1 }\nexport const a = A.one;\n',
    'b.mjs': 'export const b = 1;\n',
  });
  t.is((await importModule(project.file('a.ts')))['a'], 1);
  t.is((await importModule(pathToFileURL(project.file('b.mjs')).href))['b'], 1);
  project.write('b.mjs', 'export const b = 2;\n');
  t.is((await importModule(project.file('b.mjs')))['b'], 1);
  t.is((await importModule(project.file('b.mjs'), { fresh: true }))['b'], 2);
});

test('A reload keeps what only a restart can change, and says which settings wait', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default { pidfile: 'a.pid', keepalive: 1 };\n`,
    'sub/x': '',
  });
  const { settings: running } = await project.load(['x']);
  project.write(
    'gunicorn.conf.mjs',
    `export default {\n  pidfile: 'b.pid',\n  chdir: 'sub',\n  keepalive: 2,\n  errorlog: 'e.log',\n};\n`,
  );
  const { settings, warnings } = await project.load(['x'], { command: 'reload', running });
  t.like(settings, {
    pidfile: project.file('a.pid'),
    chdir: project.path,
    keepalive: 2,
    errorlog: project.file('e.log'),
  });
  t.deepEqual(
    warnings.map((warning) => renderProblem(warning).replaceAll(project.path, '/P')),
    [
      'chdir has changed, which takes effect at the next restart (/P/gunicorn.conf.mjs:3)',
      'pidfile has changed, which takes effect at the next restart (/P/gunicorn.conf.mjs:2)',
    ],
  );
});

const PROCESS = { hasModule: () => Promise.resolve(false), close: () => {} };

for (const name of ['gunicorn.conf.mjs', 'gunicorn.conf.py']) {
  const readPythonConfig = (): Promise<PythonRun> =>
    Promise.resolve({ values: { workers: 3 }, functions: {}, objects: {}, process: PROCESS });

  for (const [how, change] of [
    ['is gone', (path: string) => rmSync(path)],
    ['is a folder', (path: string) => (rmSync(path), mkdirSync(path))],
    ['is a link that leads nowhere', (path: string) => (rmSync(path), symlinkSync('nothing', path))],
  ] as const) {
    test(`A reload for which ${name} ${how} fails, and does not take the defaults`, async (t) => {
      const project = new Project(t, { [name]: 'export default { workers: 3 };' });
      const running = await project.load(['x'], { readPythonConfig });
      t.is(running.settings.workers, 3);
      change(project.file(name));
      const options = {
        command: 'reload',
        running: running.settings,
        runningFile: running.configFile,
      } as const;
      const error = await t.throwsAsync(project.load(['x'], { ...options, readPythonConfig }));
      t.regex(error?.message ?? '', /gunicorn\.conf\.(mjs|py)/);
      if (how !== 'is gone')
        await t.throwsAsync(project.load(['x'], { readPythonConfig }), { code: 'ERR_CONFIG_FILE' });
    });
  }
}

test('A reload of a server that has no configuration file finds one that was written since', async (t) => {
  const project = new Project(t, {});
  const running = await project.load(['x']);
  project.write('gunicorn.conf.mjs', 'export default { workers: 3 };');
  const { settings } = await project.load(['x'], {
    command: 'reload',
    running: running.settings,
    runningFile: running.configFile,
  });
  t.is(settings.workers, 3);
});
