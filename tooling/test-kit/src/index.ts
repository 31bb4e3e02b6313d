export * from './server.ts';
export { isRunning, processesGone } from './process-table.ts';
export type { WaitOptions } from './output.ts';
