import type { ApplicationKind } from '@gunicorn-ts/interface';

export type AnyFunction = (...parameters: never[]) => unknown;

/** What the second parameter of a fetch handler is called; with `res` it is a node handler. */
const ENVIRONMENT_NAME = /^_?(?:env|environment|ctx|context|platform|bindings|info)$/i;

/**
 * Guesses the kind of a bare function. The number of parameters tells `(request)` from `(req, res)`;
 * `(environ, startResponse)` and `(request, env)` have two as well, and `(scope, receive, send)` as many as a node handler
 * with `next`, so names decide there.
 */
export function kindOfFunction(handler: AnyFunction): ApplicationKind {
  const names = parameterNames(handler);
  const [first = '', second = ''] = names;
  if (/^_?environ$/i.test(first) || /^_?start_?response$/i.test(second)) return 'wsgi';
  if (/^_?scope$/i.test(first) && names.length === 3) return 'asgi';
  if (names.some((name) => name.startsWith('...'))) return names.length === 2 ? 'fetch' : 'node';
  if (handler.length < 2 && names.length < 2) return 'fetch';
  return ENVIRONMENT_NAME.test(second) ? 'fetch' : 'node';
}

/**
 * Names of the parameters as they stand in the source, `...` included; a pattern or a default value is
 * cut off. Empty for native and bound functions: their source is not to be had.
 */
export function parameterNames(handler: AnyFunction): readonly string[] {
  const source = Function.prototype.toString.call(handler).replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  if (/\{\s*\[native code\]\s*\}$/.test(source)) return [];
  const arrow = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  if (arrow?.[1] !== undefined) return [arrow[1]];
  const open = source.indexOf('(');
  if (open === -1) return [];
  return splitParameters(source.slice(open + 1)).map((parameter) => parameter.split('=')[0]?.trim() ?? '');
}

/** Cuts at the commas of the outermost level, up to the bracket that closes the list. */
function splitParameters(source: string): readonly string[] {
  const parameters: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of source) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && character === ',') {
      parameters.push(current.trim());
      current = '';
    } else current += character;
  }
  if (current.trim() !== '') parameters.push(current.trim());
  return parameters;
}
