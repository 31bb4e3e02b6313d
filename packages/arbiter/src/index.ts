export { runArbiter } from './arbiter.ts';
export { prepareLoad } from './load-ahead.ts';
export { checkApplication } from './check-application.ts';
export { withholdDescriptors } from './foreign-descriptors.ts';
export { PARENT_VARIABLE } from './inherited-listeners.ts';
export type { ArbiterOptions } from './arbiter-options.ts';
