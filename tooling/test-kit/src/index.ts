export * from '@gunicorn-ts/conformance';
export { COMMAND } from './command.ts';
export { freePort } from './free-port.ts';
export { beforePython } from './before-python.ts';
export * from './python-environment.ts';
export * from './raw-client.ts';
export { findBrowser, openPage, type Page } from './browser.ts';
export { NotifySocket, notifySocketMisses, openNotifySocket } from './notify-socket.ts';
export { bootedSystemdMisses, BootedSystemd, bootSystemd, type Outcome } from './booted-systemd.ts';
