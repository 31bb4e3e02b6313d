export { defineConfig, defineSetting, defineWorker } from '@gunicorn-ts/interface';
export type { ConfigInput, Hooks, Settings, WorkerClass } from '@gunicorn-ts/interface';
export type { WsgiBody, WsgiEnviron, WsgiHandler, WsgiStartResponse } from '@gunicorn-ts/interface';
export { type Io, main } from './main.ts';
