import { randomUUID } from 'node:crypto';
import { openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that the Python process writes its stacks to. */
export interface StacksFile {
  readonly fd: number;
  readonly path: string;
}

/** Opens one that others can open by its path, until {@link hide}. */
export function openStacksFile(): StacksFile {
  const path = join(tmpdir(), `gunicorn-stacks-${randomUUID()}`);
  return { fd: openSync(path, 'ax+', 0o600), path };
}

/** Takes its name away, so that it goes with its descriptors however the processes end. */
export function hide({ path }: StacksFile): void {
  unlinkSync(path);
}
