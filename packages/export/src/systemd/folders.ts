import path from 'node:path';
import type { Deployment } from '@gunicorn-ts/interface';
import { unitText, unitWords } from '@gunicorn-ts/systemd';
import type { UnitLine } from './unit-lines.ts';
import type { UnitOptions } from './unit-options.ts';

/**
 * The folders that the server needs to write to, made by systemd where it can: for socket files and the pid file
 * below `/run`, and for log files below `/var/log`. All others become exceptions from the read-only file system.
 */
export function folders(deployment: Deployment, options: UnitOptions): UnitLine[] {
  const { name } = deployment;
  const all = writtenFiles(deployment, options).map((file) => path.dirname(file));
  const runtime = below(options.forUser ? /^\/run\/user\/\d+\/(.+)$/ : /^\/run\/(?!user(?:\/|$))(.+)$/, all);
  const logs = options.forUser ? new Map<string, string>() : below(/^\/var\/log\/(.+)$/, all);
  const others = all.filter((folder) => !runtime.has(folder) && !logs.has(folder));
  const own = [...new Set([...runtime.values(), ...(options.template ? [name] : [])])];
  // The control socket is there, where root finds it: `/tmp` is the service's own.
  const runtimeNames = own.length > 0 || deployment.settings.controlSocketDisable ? own : [name];
  const lines: UnitLine[] = [];
  if (runtimeNames.length > 0) {
    lines.push({ key: 'RuntimeDirectory', value: unitWords(runtimeNames) });
    // The sockets of systemd, and those of other instances, stay when this service stops.
    if (options.socket || options.template) lines.push({ key: 'RuntimeDirectoryPreserve', value: 'yes' });
  }
  if (logs.size > 0) lines.push({ key: 'LogsDirectory', value: unitWords([...logs.values()]) });
  if (!options.forUser) {
    lines.push({ comment: 'The rest of the file system is read-only; uploads and databases belong here:' });
    lines.push({ key: 'StateDirectory', value: unitText(name) });
    // Compiled code, which a service without a home could keep nowhere: each process compiles for itself then.
    lines.push({ key: 'CacheDirectory', value: unitText(name) });
    const writable = [...new Set(others)].filter(
      (folder) => !/^\/(?:var\/)?tmp(?:\/|$)|^\/dev$/.test(folder),
    );
    // With the dash a folder that is missing is the server's mistake to tell, and not one of name spaces.
    if (writable.length > 0)
      lines.push({ key: 'ReadWritePaths', value: unitWords(writable.map((folder) => `-${folder}`)) });
  }
  return lines;
}

/** Absolute paths of the files and sockets that the server makes itself. */
export function writtenFiles({ settings, invocation, binds }: Deployment, options: UnitOptions): string[] {
  const files = [settings.pidfile, settings.accesslog, settings.errorlog, settings.controlSocket].filter(
    (file) => file !== undefined && file !== '-' && file !== '/dev/stdout',
  );
  // Socket files that systemd opens are made by it, their folders included.
  const sockets = options.socket ? [] : binds.flatMap((bind) => (bind.kind === 'unix' ? [bind.path] : []));
  return [...files, ...sockets].map((file) => path.resolve(invocation.cwd, file!));
}

/** Folders below another, each with its name as seen from there. */
function below(pattern: RegExp, folders: readonly string[]): Map<string, string> {
  return new Map(
    folders.flatMap((folder) => {
      const name = pattern.exec(folder)?.[1];
      return name === undefined ? [] : [[folder, name] as const];
    }),
  );
}
