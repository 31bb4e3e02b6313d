import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loader, LoaderContext, Settings } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { loadApplication } from '../../src/application/load-application.ts';
import { createJavascriptLoader } from '../../src/application/javascript-loader.ts';

const javascript = createJavascriptLoader({ addresses: [] });
const python: Loader = {
  name: 'python',
  interfaceVersion: 1,
  recognise: async () => ({ found: false, looked: ['a module of Python'] }),
  load: () => Promise.reject(new Error('is not loaded here')),
};

/** Loads `app` in a folder with these files; gives the error and the warnings. */
async function failure(
  t: ExecutionContext,
  app: string,
  files: readonly string[],
  loaders: readonly Loader[] = [javascript],
): Promise<{ error: Error; warnings: readonly string[] }> {
  const cwd = mkdtempSync(join(tmpdir(), 'load-application-'));
  t.teardown(() => rmSync(cwd, { recursive: true }));
  for (const file of files) writeFileSync(join(cwd, file), '');
  const warnings: string[] = [];
  const log = { warning: (text: string) => warnings.push(text) };
  const context = { settings: { app } as Settings, cwd, env: {}, log } as unknown as LoaderContext;
  const error = await t.throwsAsync(loadApplication(context, loaders));
  return { error, warnings };
}

test('a target that is Python names the package that is missing', async (t) => {
  const { error } = await failure(t, 'app:application', ['app.py']);
  t.like(error, { code: 'ERR_APP_NEEDS_PYTHON', exitCode: 4 });
  t.is(
    error.message,
    'app: "app:application" is Python (app.py), which needs the package @gunicorn-ts/python; install it: npm install @gunicorn-ts/python',
  );
});

test('where Python was asked, what was looked for is listed', async (t) => {
  const { error } = await failure(t, 'app:application', ['app.py'], [javascript, python]);
  t.like(error, { code: 'ERR_APP_NOT_FOUND' });
  t.regex(error.message, /a module of Python/);
});

test('a JavaScript file that fails names the one in Python beside it', async (t) => {
  const { error, warnings } = await failure(t, 'app:app', ['app.js', 'app.py']);
  t.like(error, { code: 'ERR_APP_EXPORT_NOT_FOUND' });
  t.deepEqual(warnings, [
    '"app:app" was taken for JavaScript, which wins where both are there; for Python write app.py:app',
  ]);
  t.deepEqual((await failure(t, 'app:app', ['app.js'])).warnings, []);
});
