import test from 'ava';
import { pythonVersion } from '../../src/python-version.ts';

test('a version is written as PEP 440 has it', (t) => {
  for (const [npm, python] of [
    ['1.2.3', '1.2.3'],
    ['0.1.0-dev', '0.1.0.dev0'],
    ['1.0.0-alpha.2', '1.0.0a2'],
    ['1.0.0-beta.10', '1.0.0b10'],
    ['1.0.0-rc.0', '1.0.0rc0'],
  ] as const)
    t.is(pythonVersion(npm), python);
});

test('a version that Python has no word for is refused', (t) => {
  for (const version of ['1.2', '1.0.0-canary.1', '1.0.0-rc.1.2', '1.0.0+build'])
    t.throws(() => pythonVersion(version), { message: /cannot be that of a Python package/ }, version);
});
