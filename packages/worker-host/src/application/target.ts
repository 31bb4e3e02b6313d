import { applicationError } from '../errors.ts';
import { parseLiterals } from './literal.ts';

/** A target, taken apart: `MODULE`, `MODULE:EXPORT` or `MODULE:factory("x", 2)`. */
export interface Target {
  readonly module: string;
  readonly exportName: string | undefined;
  /** Set when the export is a factory to call. */
  readonly arguments: readonly unknown[] | undefined;
}

const SIMPLE_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u;
const CALL = /^([^(]*)\((.*)\)$/s;

/** The module of a target; what stands behind it may be in the words of another language. */
export function moduleOf(text: string): string {
  const split = separatorOf(text);
  return split === -1 ? text : text.slice(0, split);
}

function separatorOf(text: string): number {
  return text.indexOf(':', text.startsWith('file:') ? 'file:'.length : 0);
}

/**
 * Reads a target. Splits at the first colon, as Gunicorn does (`file:` URLs excepted).
 *
 * @throws OperatorError `ERR_APP_TARGET_SYNTAX` with exit code 4.
 */
export function parseTarget(text: string): Target {
  const split = separatorOf(text);
  const module = moduleOf(text);
  const expression = split === -1 ? undefined : text.slice(split + 1).trim();
  if (module === '') {
    throw syntaxError(text, 'there is no module before the colon; write MODULE:EXPORT, such as app.ts:app');
  }
  if (expression === undefined || expression === '') {
    return { module, exportName: undefined, arguments: undefined };
  }
  const call = CALL.exec(expression);
  const name = (call?.[1] ?? expression).trim();
  if (!SIMPLE_NAME.test(name)) {
    throw syntaxError(text, `"${name}" is not a simple name; write MODULE:EXPORT or MODULE:factory("x", 2)`);
  }
  return {
    module,
    exportName: name,
    arguments: call === null ? undefined : argumentsOf(text, call[2] ?? ''),
  };
}

function argumentsOf(target: string, text: string): readonly unknown[] {
  try {
    return parseLiterals(text);
  } catch (cause) {
    throw syntaxError(
      target,
      `the arguments must be literals (strings, numbers, true, false, null, arrays, objects): ${(cause as Error).message}`,
    );
  }
}

function syntaxError(target: string, why: string): Error {
  return applicationError('ERR_APP_TARGET_SYNTAX', `app: cannot read the target "${target}": ${why}`);
}
