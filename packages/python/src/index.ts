export { readPythonConfig } from './read-config.ts';
export { translatePythonConfig } from './translate-config.ts';
export { interpreterNotFound, interpreterTooOld } from './errors.ts';
export { findInterpreter, type Interpreter, type InterpreterPlace } from './interpreter.ts';
export { loader } from './loader.ts';
export { pythonSettings, type PythonSettings } from './settings.ts';
