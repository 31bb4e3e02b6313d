import test from 'ava';
import { UnsupportedPlatformError } from '../../src/errors.ts';
import { platformConstants } from '../../src/platform.ts';

test('a system that is not known is refused with an error for the operator', (t) => {
  const error = t.throws(() => platformConstants('win32'), { instanceOf: UnsupportedPlatformError });
  t.is(error.code, 'ENOTSUP');
  t.true(error.isOperatorError);
  t.is(error.exitCode, 1);
  t.regex(error.message, /win32 is not one of linux, darwin, freebsd/);
});
