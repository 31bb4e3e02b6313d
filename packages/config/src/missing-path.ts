import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';

/** Why nothing is found at an absolute path, where the path itself does not tell: which link, or which folder on the way. */
export function whyMissing(path: string): string | undefined {
  for (const step of stepsTo(path)) {
    const link = lstatSync(step, { throwIfNoEntry: false });
    if (link === undefined) return step === path ? undefined : `there is no folder ${step}`;
    if (link.isSymbolicLink() && !leadsSomewhere(step)) {
      return `${step} is a link to ${readlinkSync(step)}, which does not exist`;
    }
    if (step !== path && !statSync(step).isDirectory()) return `${step} is no folder`;
  }
  return undefined;
}

/** `/srv`, `/srv/app`, `/srv/app/file` of the last one. */
export function stepsTo(path: string): string[] {
  return path === sep ? [] : [...stepsTo(dirname(path)), path];
}

/** In brackets, for the end of a sentence. */
export function whyMissingNote(path: string): string {
  const why = whyMissing(path);
  return why === undefined ? '' : ` (${why})`;
}

/** A loop of links, or a folder that may not be entered, is as good as nothing. */
function leadsSomewhere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
