export { workerHostEntry } from './entry.ts';
export { isLoggerModule, openOwnLogger } from './own-logger.ts';
export { loadApplication, loaderOf } from './application/load-application.ts';
export { javascriptLoader } from './application/javascript-loader.ts';
export { recogniseApplication, type Recognition } from './application/recognise.ts';
