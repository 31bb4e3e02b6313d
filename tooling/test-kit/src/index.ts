export * from './server.ts';
export * from './request.ts';
export * from './certificate.ts';
export * from './eventually.ts';
export { freePort } from './free-port.ts';
export * from './python-environment.ts';
export * from './raw-client.ts';
export { findBrowser, openPage, type Page } from './browser.ts';
export { COMMAND, Folder } from './folder.ts';
export { childrenOf, isRunning, openFiles, processesGone } from './process-table.ts';
export { Output, type WaitOptions } from './output.ts';
export {
  RequestFailure,
  startLoad,
  type Failure,
  type FailureKind,
  type Load,
  type LoadOptions,
  type LoadReport,
} from '@gunicorn-ts/load';
export { workerConformance } from './conformance/conformance.ts';
export type { Subject } from './conformance/subject.ts';
export { NotifySocket, notifySocketMisses, openNotifySocket } from './notify-socket.ts';
export { bootedSystemdMisses, BootedSystemd, bootSystemd, type Outcome } from './booted-systemd.ts';
