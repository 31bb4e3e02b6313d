/*
 * What the arbiter alone needs of this package, in one file: a file for each of them would be a dozen, with those for
 * what each two of them have in common.
 */
export { findInterpreter } from './interpreter.ts';
export { prepareMaster } from './prepare.ts';
export { readPythonConfig } from './read-config.ts';
export { recognise } from './recognise.ts';
export { translatePythonConfig } from './translate-config.ts';
