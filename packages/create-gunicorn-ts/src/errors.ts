import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** `ERR_CREATE_USAGE`, exit code 2: the arguments of `npm create gunicorn-ts` cannot be understood. */
export function createUsage(takes: string): OperatorError {
  return new OperatorError('ERR_CREATE_USAGE', `npm create gunicorn-ts takes ${takes}`, {
    exitCode: EXIT_CODE.usage,
  });
}

/** `ERR_CREATE_NO_TERMINAL`, exit code 2: something has to be asked, and nobody is there to answer. */
export function nobodyToAsk(): OperatorError {
  return new OperatorError(
    'ERR_CREATE_NO_TERMINAL',
    'there is no terminal to ask at; write all of it: npm create gunicorn-ts my-app -- --template fetch',
    { exitCode: EXIT_CODE.usage },
  );
}
