import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** `ERR_HEALTH_USAGE`, exit code 2: `gunicorn health` was asked in words that it does not know. */
export function healthUsage(problem: string): OperatorError {
  return new OperatorError(
    'ERR_HEALTH_USAGE',
    `health: ${problem}; write gunicorn health [--ready | --live | --startup] [--timeout SECONDS] [--admin-bind ADDRESS]`,
    { exitCode: EXIT_CODE.usage },
  );
}

/** `gunicorn health` has nobody to ask: `adminBind` is not set. */
export function noAdminListener(): OperatorError {
  return new OperatorError(
    'ERR_HEALTH_NO_LISTENER',
    'health: the settings have no adminBind, so there is nobody to ask; set it, or write gunicorn health --admin-bind ADDRESS',
  );
}
