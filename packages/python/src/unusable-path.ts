import { accessSync, constants, lstatSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stepsTo } from '@gunicorn-ts/config';

/** As the kernel counts them. */
const MOST_LINKS = 40;

/**
 * Why this user cannot run the file behind a path: which link leads nowhere, which folder may not be entered. The
 * interpreter of a virtual environment is a link, often into the home of whoever made it. `undefined` when it can.
 */
export function whyUnusable(path: string): string | undefined {
  let current = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const via = current === path ? '' : `it leads to ${current}: `;
    for (const step of stepsTo(dirname(current))) {
      const code = failure(step, constants.X_OK);
      if (code === 'ENOENT') return `${via}there is no folder ${step}`;
      if (code !== undefined) return `${via}this user may not enter ${step}`;
    }
    const stat = lstatSync(current, { throwIfNoEntry: false });
    if (stat === undefined) return `${via}there is no such file`;
    if (stat.isDirectory()) return `${via}that is a folder`;
    if (!stat.isSymbolicLink())
      return failure(current, constants.X_OK) === undefined
        ? undefined
        : `${via}this user may not execute it`;
    current = resolve(dirname(current), readlinkSync(current));
  }
  return 'its links lead in a circle';
}

function failure(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
