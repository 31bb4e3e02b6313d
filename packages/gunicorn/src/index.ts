// A configuration file imports this in the arbiter and in every worker: what it needs, and never the command itself.
export { defineConfig, defineSetting, defineWorker } from '@gunicorn-ts/interface';
export type * from '@gunicorn-ts/interface';
