import { closeSync } from 'node:fs';
import type { Settings } from '@gunicorn-ts/interface';
import { openLogFile } from '@gunicorn-ts/logging';

/**
 * Points stdout and stderr at the error log's file again, after it was renamed. The arbiter had done
 * so when it started this process.
 */
export async function reopenCapturedOutput(settings: Readonly<Settings>): Promise<void> {
  if (!settings.captureOutput || settings.errorlog === '-') return;
  const { replaceDescriptor, setBlocking } = await import('@gunicorn-ts/posix');
  const { fd: file } = openLogFile('errorlog', settings.errorlog);
  setBlocking(file);
  try {
    replaceDescriptor(file, 1);
    replaceDescriptor(file, 2);
  } finally {
    closeSync(file);
  }
}
