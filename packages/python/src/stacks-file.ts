import { unlinkSync } from 'node:fs';
import { openNamedFile, temporaryPlaces } from '@gunicorn-ts/posix';

const PURPOSE = 'the stacks of Python';

/** A file that the Python process writes its stacks to, and opens by its path. Nobody else can, and the path is to be hidden once it has. */
export interface NamedStacksFile {
  readonly fd: number;
  readonly path: string;
}

export function openNamedStacksFile(): NamedStacksFile {
  return openNamedFile(PURPOSE, temporaryPlaces('small'));
}

/** Takes its name away, so that it goes with its descriptors however the processes end. */
export function hide({ path }: NamedStacksFile): void {
  unlinkSync(path);
}
