import { OperatorError } from '@gunicorn-ts/interface';

/** A value that a unit file, or the configuration of a proxy, has no way to say. */
export function cannotCarry(where: string, value: string, why: string): OperatorError {
  return new OperatorError('ERR_UNIT_VALUE', `${where} cannot carry ${JSON.stringify(value)}: ${why}`);
}

/** A text that is no unit file. */
export function notAUnit(line: number, why: string): OperatorError {
  return new OperatorError(
    'ERR_UNIT_SYNTAX',
    `line ${line} of the unit ${why}; correct it, or export it anew`,
  );
}
