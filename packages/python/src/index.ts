export { readPythonConfig, translatePythonConfig } from './arbiter-door.ts';
export { loader } from './loader.ts';
