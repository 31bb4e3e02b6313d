export * from './server.ts';
export { isRunning, processesGone } from './process-table.ts';
export type { WaitOptions } from './output.ts';
export { startLoad, type Failure, type Load, type LoadOptions, type LoadReport } from './load/load.ts';
export { RequestFailure, type FailureKind } from './load/failure.ts';
export { WORKER_HEADER } from './load/client.ts';
