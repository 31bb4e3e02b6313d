import { closeSync, fchownSync } from 'node:fs';
import { type LogSetting, logNotWritable } from './errors.ts';
import { fileStatus } from './file-status.ts';
import { openLogFile } from './log-file.ts';

/** The user and group that workers run as. */
export interface LogOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Creates a log file and gives it to the user that workers run as. Called by the arbiter while it is still
 * root: before the first worker, and again before workers are told to open their logs anew, or they could
 * not open the file that took the place of the renamed one. `-` is left alone.
 *
 * Only a regular file with one name is given away. If its path is a symbolic link, which root may have made, or
 * the file has a second name, then it may be somebody else's as well.
 * Throws `ERR_LOG_NOT_WRITABLE`.
 */
export function prepareLogFile(path: string, owner?: LogOwner, setting: LogSetting = 'errorlog'): void {
  if (path === '-') return;
  const { fd, followed } = openLogFile(setting, path);
  try {
    const stats = fileStatus(fd);
    const isTheirs = Number(stats.uid) === owner?.uid && Number(stats.gid) === owner.gid;
    if (owner && !followed && !isTheirs && stats.isFile() && stats.nlink === 1n)
      fchownSync(fd, owner.uid, owner.gid);
  } catch (cause) {
    throw logNotWritable(setting, path, cause);
  } finally {
    closeSync(fd);
  }
}
