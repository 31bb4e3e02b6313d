import test from 'ava';
import type { OperatorError } from '@gunicorn-ts/interface';
import { greeting, Project, workerClass } from './project.ts';

test('Defaults, file, environment and flags are merged, the later wins', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.ts': 'export default {\n  workers: 2,\n  timeout: 10,\n  keepalive: 5,\n};\n',
  });
  const env = { GUNICORN_CMD_ARGS: `--timeout 20 --keep-alive=6 --name 'my shop'`, PORT: '5000' };
  const { settings, sources, configFile } = await project.load(
    ['app.ts', '-k', 'event', '--keep-alive', '7'],
    { env },
  );
  t.like(settings, {
    app: 'app.ts',
    workers: 2,
    timeout: 20,
    keepalive: 7,
    procName: 'my shop',
    bind: ['0.0.0.0:5000'],
  });
  t.like(sources, {
    app: { kind: 'flag', flag: 'APP_MODULE' },
    bind: { kind: 'default-env', variable: 'PORT' },
    workers: { kind: 'file', path: project.file('gunicorn.conf.ts'), line: 2 },
    timeout: { kind: 'env', flag: '--timeout' },
    keepalive: { kind: 'flag', flag: '--keep-alive' },
    backlog: { kind: 'default' },
  });
  t.is(configFile, project.file('gunicorn.conf.ts'));
  t.true(Object.isFrozen(settings) && Object.isFrozen(settings.bind));
});

test('The default file is looked for in the launch directory, also with chdir', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default { app: 'x', chdir: 'app', pidfile: 'pid' };\n`,
    'app/gunicorn.conf.mjs': 'export default { workers: 9 };\n',
  });
  const { settings } = await project.load([]);
  t.like(settings, { workers: 1, chdir: project.file('app'), pidfile: project.file('app/pid') });
});

test('-c wins over -c in the environment, which wins over the default file', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.js': 'export default { workers: 1 };\n',
    'a.mjs': 'export default { workers: 2 };\n',
    'b.cjs': 'module.exports = { workers: 3 };\n',
  });
  const env = { GUNICORN_CMD_ARGS: '-c a.mjs' };
  t.is((await project.load(['x'], { env })).settings.workers, 2);
  t.is((await project.load(['x', '--config', 'b.cjs'], { env })).settings.workers, 3);
  t.is((await project.load(['x', '-c', `file:${project.file('b.cjs')}`])).settings.workers, 3);
  t.is((await project.load(['x', '-c', '/dev/null'])).configFile, undefined);
});

test('A function is called with environment, cores and command, and may give a promise', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default async ({ env, cpus, command }) => ({
      app: env.APP, workers: cpus > 0 ? 3 : 0, procName: command });\n`,
  });
  const { settings } = await project.load([], { env: { APP: 'from-env' }, command: 'reload' });
  t.like(settings, { app: 'from-env', workers: 3, procName: 'reload' });
});

test('Hooks come apart from the settings', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default { app: 'x', whenReady(server) {} };\n`,
  });
  const { hooks, settings } = await project.load([]);
  t.deepEqual(Object.keys(hooks), ['whenReady']);
  t.false('whenReady' in settings);
});

test('A worker class brings settings of its own, in the file and as flags', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.mjs': `export default { workerClass: './mine.ts', chdir: 'app', greeting: 'hi' };\n`,
    'app/x': '',
  });
  const asked: unknown[] = [];
  const resolveWorkerClass = (name: string, cwd: string) => {
    asked.push(name, cwd);
    return Promise.resolve({
      workerClass: workerClass({ settings: [greeting] }),
      workerModule: 'file:///mine.ts',
    });
  };
  const value = async (...argv: string[]) => {
    const { settings } = await project.load(['x', ...argv], { resolveWorkerClass });
    return (settings as unknown as { greeting: string }).greeting;
  };
  t.is(await value(), 'hi');
  t.is(await value('--greeting', 'ho'), 'ho');
  t.is(await value('--greet=hey'), 'hey');
  t.deepEqual(asked.slice(0, 2), ['./mine.ts', project.file('app')]);
  const help = await project.interpret(['-k', './mine.ts', '--chdir', 'app', '--help'], {
    resolveWorkerClass,
  });
  t.true(help.kind === 'help' && help.text.includes('--greeting TEXT'));
});

test('--version and --help need no working configuration', async (t) => {
  const project = new Project(t, { 'gunicorn.conf.mjs': 'syntax error' });
  t.deepEqual(await project.interpret(['-v']), {
    kind: 'version',
    text: `gunicorn-ts (version 1.2.3): Gunicorn in TypeScript, on Node.js ${process.versions.node}`,
  });
  const resolveWorkerClass = () => Promise.reject(new Error('not found'));
  const help = await project.interpret(['--help', '-k', 'nonsense'], { resolveWorkerClass });
  t.is(help.kind, 'help');
});

test('Paths of unix sockets become absolute', async (t) => {
  const project = new Project(t);
  const { settings } = await project.load(['x', '-b', 'unix:run.sock', '--access-logfile', '-']);
  t.like(settings, { bind: [`unix:${project.file('run.sock')}`], accesslog: '-', errorlog: '-' });
});

test('What is odd but not wrong is a warning with its source', async (t) => {
  const { warnings } = await new Project(t).load(['x', '--capture-output']);
  t.deepEqual(
    warnings.map(({ setting, source }) => ({ setting, source })),
    [{ setting: 'captureOutput', source: { kind: 'flag', flag: '--capture-output' } }],
  );
});

test('Text without an end in GUNICORN_CMD_ARGS is a usage error', async (t) => {
  const error = await t.throwsAsync<OperatorError>(
    new Project(t).interpret(['x'], { env: { GUNICORN_CMD_ARGS: `--name 'x` } }),
    { code: 'ERR_USAGE' },
  );
  t.is(error?.exitCode, 2);
  t.is(error?.message, `GUNICORN_CMD_ARGS has a ' that is never closed; close the quote`);
});

test('defineConfig is found also where the package is not installed', async (t) => {
  const project = new Project(t, {
    'gunicorn.conf.ts': `import { defineConfig } from 'gunicorn-ts';\nexport default defineConfig({ workers: 3 });\n`,
  });
  t.is((await project.load(['x'])).settings.workers, 3);
});
