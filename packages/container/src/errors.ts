import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** An option of an exporter has a value that it cannot have. */
export function optionError(flag: string, found: string, cure: string): OperatorError {
  return new OperatorError('ERR_EXPORT_USAGE', `${flag} cannot be ${JSON.stringify(found)}; ${cure}`, {
    exitCode: EXIT_CODE.usage,
  });
}

/** A setting that a server in a container cannot have. */
export function notInContainerError(setting: string, why: string, cure: string): OperatorError {
  return new OperatorError('ERR_EXPORT_SETTING', `${setting} cannot be kept in a container: ${why}; ${cure}`);
}

/** Two numbers that do not agree: the server would be killed, or kept from its work. */
export function disagreementError(what: string, cure: string): OperatorError {
  return new OperatorError('ERR_EXPORT_DISAGREEMENT', `${what}; ${cure}`);
}
