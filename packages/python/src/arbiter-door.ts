import type { ReadPythonConfig, TranslatePythonConfig } from '@gunicorn-ts/config';

/*
 * What only the arbiter needs is loaded when it asks for it: every worker process imports this file, too, and would
 * carry it.
 */
export const readPythonConfig: ReadPythonConfig = async (path, place) => {
  const { readPythonConfig: read } = await import('./read-config.ts');
  return read(path, place);
};

export const translatePythonConfig: TranslatePythonConfig = async (path, place) => {
  const { translatePythonConfig: translate } = await import('./translate-config.ts');
  return translate(path, place);
};
