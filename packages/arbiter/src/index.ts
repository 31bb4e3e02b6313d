export { runArbiter } from './arbiter.ts';
export { checkApplication } from './check-application.ts';
export type { ArbiterOptions } from './server.ts';
