import path from 'node:path';
import type { Deployment } from '../deployment.ts';
import { unitText, unitWords } from '@gunicorn-ts/systemd';
import type { UnitLine } from './unit-lines.ts';
import type { UnitOptions } from './unit-options.ts';

/**
 * The folders that the server needs to write to, made by systemd where it can: for socket files and the pid file
 * below `/run`, and for log files below `/var/log`. All others become exceptions from the read-only file system.
 */
export function folders(deployment: Deployment, options: UnitOptions): UnitLine[] {
  const { settings, invocation, binds, name } = deployment;
  const absolute = (file: string): string => path.resolve(invocation.cwd, file);
  const files = [settings.pidfile, settings.accesslog, settings.errorlog]
    .filter((file) => file !== undefined && file !== '-' && file !== '/dev/stdout')
    .map((file) => absolute(file!));
  // Socket files that systemd opens are made by it, their folders included.
  const sockets = options.socket
    ? []
    : binds.flatMap((bind) => (bind.kind === 'unix' ? [absolute(bind.path)] : []));
  const all = [...files, ...sockets].map((file) => path.dirname(file));
  const runtime = below('/run', all);
  const logs = below('/var/log', all);
  const others = all.filter(
    (folder) => !runtime.includes(relative('/run', folder)) && !logs.includes(relative('/var/log', folder)),
  );
  const lines: UnitLine[] = [];
  if (options.template) runtime.push(name);
  if (runtime.length > 0) {
    lines.push({ key: 'RuntimeDirectory', value: unitWords(runtime) });
    if (options.socket) lines.push({ key: 'RuntimeDirectoryPreserve', value: 'yes' });
  }
  if (logs.length > 0) lines.push({ key: 'LogsDirectory', value: unitWords(logs) });
  if (!options.forUser) {
    lines.push({ comment: 'The rest of the file system is read-only; uploads and databases belong here:' });
    lines.push({ key: 'StateDirectory', value: unitText(name) });
    const writable = unique(others).filter((folder) => !folder.startsWith('/tmp') && folder !== '/dev');
    if (writable.length > 0) lines.push({ key: 'ReadWritePaths', value: unitWords(writable) });
  }
  return lines;
}

/** What is in a folder of systemd's, seen from there. */
function below(root: string, found: readonly string[]): string[] {
  return unique(found.map((folder) => relative(root, folder)).filter((folder) => folder !== ''));
}

function relative(root: string, folder: string): string {
  return folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : '';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
