import type { Settings } from '@gunicorn-ts/interface';

/** `gunicorn: worker [NAME]`, as far as the space for it goes. */
export function workerTitle(settings: Readonly<Settings>): string {
  return `gunicorn: worker [${settings.procName ?? settings.app ?? ''}]`;
}
