import { closeSync, constants, fchownSync, openSync } from 'node:fs';
import { errorCode, type LogSetting, logNotWritable } from './errors.ts';
import { fileStatus } from './file-status.ts';
import { LOG_FILE_FLAGS, LOG_FILE_MODE } from './log-file.ts';

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
 * Only a regular file with one name is given away. If its path is a symbolic link, or the file has a second
 * name, then somebody who may write to the directory could have made root give away a file of his choice.
 * Throws `ERR_LOG_NOT_WRITABLE`.
 */
export function prepareLogFile(path: string, owner?: LogOwner, setting: LogSetting = 'errorlog'): void {
  if (path === '-') return;
  let fd: number;
  try {
    fd = openSync(path, LOG_FILE_FLAGS | constants.O_NOFOLLOW, LOG_FILE_MODE);
  } catch (cause) {
    if (errorCode(cause) === 'ELOOP') return;
    throw logNotWritable(setting, path, cause);
  }
  try {
    const stats = fileStatus(fd);
    const isTheirs = Number(stats.uid) === owner?.uid && Number(stats.gid) === owner.gid;
    if (owner && !isTheirs && stats.isFile() && stats.nlink === 1n) fchownSync(fd, owner.uid, owner.gid);
  } catch (cause) {
    throw logNotWritable(setting, path, cause);
  } finally {
    closeSync(fd);
  }
}
