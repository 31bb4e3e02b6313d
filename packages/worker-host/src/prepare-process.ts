import type { Settings } from '@gunicorn-ts/interface';
import { surviveStandardStreams } from '@gunicorn-ts/logging';
import { preferTemporaryFolder } from '@gunicorn-ts/posix';
import { workerTitle } from './worker-title.ts';

/** Makes this process the worker that the settings describe, before anything of the application runs. */
export function prepareProcess(settings: Readonly<Settings>, warn: (problem: string) => void): void {
  process.title = workerTitle(settings);
  surviveStandardStreams(warn);
  preferTemporaryFolder(settings.workerTmpDir);
  // What else stands there is the arbiter's, and must not reach an application that reads its arguments.
  process.argv.length = 2;
}
