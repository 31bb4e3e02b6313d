import { messageWithCode, OperatorError } from '@gunicorn-ts/interface';
import test from 'ava';
import { describeFailure, userStack } from '../../src/failure.ts';

test('an error for the operator keeps its exit code, shows its code, and has no stack', (t) => {
  const error = new OperatorError('ERR_X', 'no such thing', { exitCode: 4 });
  t.deepEqual(describeFailure(error, 'the application'), {
    exitCode: 4,
    message: 'no such thing [ERR_X]',
  });
});

test('the code of an error stands at the end of the first line, once', (t) => {
  const list = new OperatorError('ERR_OUTER', '2 mistakes:\n  - one\n  - two');
  t.is(messageWithCode(list), '2 mistakes: [ERR_OUTER]\n  - one\n  - two');
  const wrapped = new OperatorError('ERR_OUTER', 'it is gone [ERR_INNER]\n  at app.ts');
  t.is(messageWithCode(wrapped), 'it is gone [ERR_INNER]\n  at app.ts');
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
