import { OperatorError } from '@gunicorn-ts/interface';
import test from 'ava';
import { describeFailure, userStack } from '../../src/failure.ts';

test('an error for the operator keeps its exit code and has no stack', (t) => {
  const error = new OperatorError('ERR_X', 'no such thing', { exitCode: 4 });
  t.deepEqual(describeFailure(error, 'the application'), { exitCode: 4, message: 'no such thing' });
});

test('anything else is exit code 3, says what threw, and shows where', (t) => {
  const failure = describeFailure(new TypeError('boom'), 'the hook postFork');
  t.is(failure.exitCode, 3);
  t.is(failure.message, 'the hook postFork threw while the worker was booting:');
  t.regex(failure.detail ?? '', /^TypeError: boom\n {4}at .*failure\.test\.ts/);
});

test('the stack names causes and leaves out the insides of Node', (t) => {
  const stack = userStack(new Error('outer', { cause: new Error('inner') }));
  t.regex(stack, /^Error: outer\n/);
  t.regex(stack, /\nCaused by: Error: inner\n/);
  t.notRegex(stack, /node:/);
});

test('what is thrown need not be an error', (t) => {
  t.is(userStack({ code: 7 }), 'thrown: { code: 7 }');
});
