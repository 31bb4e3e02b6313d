import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';
import type { Found } from './find/found.ts';

/** `ERR_INIT_NOTHING_FOUND`, exit code 1: a folder holds no application that can be told by looking. */
export function nothingFound(folder: string): OperatorError {
  return new OperatorError(
    'ERR_INIT_NOTHING_FOUND',
    `there is no application to be seen in ${folder}: no script or "main" of a package.json that leads to a file, no manage.py, no module with an app of Flask or FastAPI; name it, as in: gunicorn init ./src/server.ts, or gunicorn init mysite.wsgi:application`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_INIT_SEVERAL_FOUND`, exit code 1: a folder holds an application in Python and one in JavaScript. */
export function severalFound(found: readonly Found[]): OperatorError {
  const list = found.map(
    ({ application, framework, by }) => `${application.target} (${framework}, by ${by})`,
  );
  return new OperatorError(
    'ERR_INIT_SEVERAL_FOUND',
    `there are several applications: ${list.join(', ')}; name the one that is meant, as in: gunicorn init ${found[0]?.application.target}`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_CREATE_NOT_EMPTY`, exit code 1: a new project was to be made where something is. */
export function notEmpty(folder: string, entry: string): OperatorError {
  return new OperatorError(
    'ERR_CREATE_NOT_EMPTY',
    `the folder ${folder} is not empty: it holds ${entry}; name another one, or run npx gunicorn init in it, which adds what is missing`,
    { exitCode: EXIT_CODE.failure },
  );
}
