import { closeSync, openSync } from 'node:fs';
import type { Settings } from '@gunicorn-ts/interface';

/**
 * Points stdout and stderr at the error log's file again, after it was renamed. The arbiter had done
 * so when it started this process.
 */
export async function reopenCapturedOutput(settings: Readonly<Settings>): Promise<void> {
  if (!settings.captureOutput || settings.errorlog === '-') return;
  const { replaceDescriptor } = await import('@gunicorn-ts/posix');
  const file = openSync(settings.errorlog, 'a');
  try {
    replaceDescriptor(file, 1);
    replaceDescriptor(file, 2);
  } finally {
    closeSync(file);
  }
}
