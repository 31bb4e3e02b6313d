import { OperatorError } from '@gunicorn-ts/interface';

/** `adminBind` cannot be listened on. */
export function cannotListenForAdmin(bind: string, cause: Error & { code?: string }): OperatorError {
  const cure =
    cause.code === 'EADDRINUSE'
      ? 'another process has it: stop that one, or choose another address'
      : 'choose another address';
  return new OperatorError(
    'ERR_ADMIN_BIND',
    `adminBind: cannot listen on ${bind}: ${cause.message}; ${cure}`,
    {
      cause,
    },
  );
}
