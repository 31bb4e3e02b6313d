export { dropSpare, readPythonConfig, startAhead, translatePythonConfig } from './arbiter-door.ts';
export { loader } from './loader.ts';
