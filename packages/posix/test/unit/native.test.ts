import { readFileSync } from 'node:fs';
import test from 'ava';
import { loadNative } from '../../src/native.ts';

const MANIFEST = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  dependencies?: object;
  optionalDependencies: Record<string, string>;
};

test('the package of this system calls functions of C', (t) => {
  const getpid = loadNative(process).load(null).func('int getpid()');
  t.is(getpid(), process.pid);
});

test('a system whose package is not installed is told which one, and how it is had', (t) => {
  const error = t.throws(() => loadNative({ platform: 'sunos', arch: 'x64' }));
  t.like(error, { code: 'ERR_NATIVE_PACKAGE_MISSING', isOperatorError: true, exitCode: 1 });
  t.regex(
    error.message,
    /^the package @koromix\/koffi-sunos-x64, .* is not installed; install again on this system/,
  );
});

test('nothing that is installed has an install script, which koffi itself would bring', (t) => {
  t.is(MANIFEST.dependencies, undefined);
  for (const name of Object.keys(MANIFEST.optionalDependencies)) t.regex(name, /^@koromix\/koffi-\w+-\w+$/);
});
