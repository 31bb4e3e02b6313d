export { type Certificate, makeCertificate, makeClientCertificate } from './certificate.ts';
export { workerConformance } from './conformance/conformance.ts';
export type { Subject } from './conformance/subject.ts';
export { eventually } from './eventually.ts';
export { commandScript, Folder } from './folder.ts';
export {
  type Failure,
  type FailureKind,
  type Load,
  type LoadOptions,
  type LoadReport,
  RequestFailure,
  startLoad,
} from '@gunicorn-ts/load';
export { Output, type WaitOptions } from './output.ts';
export { childrenOf, isRunning, openFiles, processesGone } from './process-table.ts';
export { request, type RequestOptions, type Response } from './request.ts';
export { type Exit, Server, type ServerOptions, startServer } from './server.ts';
