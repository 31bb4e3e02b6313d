import { constants } from 'node:os';
import test from 'ava';
import { systemCallError } from '../../src/errors.ts';

test('an errno becomes an error with its name, the call, and what the call was about', (t) => {
  const error = systemCallError('bind', constants.errno.EADDRINUSE, '127.0.0.1:80');
  t.is(error.code, 'EADDRINUSE');
  t.is(error.errno, constants.errno.EADDRINUSE);
  t.is(error.syscall, 'bind');
  t.is(error.message, 'bind 127.0.0.1:80: the address is already in use (EADDRINUSE)');
});

test('an errno without a sentence of its own still has its name in the message', (t) => {
  t.is(systemCallError('listen', constants.errno.ENOTEMPTY, '/x').message, 'listen /x: ENOTEMPTY');
});
