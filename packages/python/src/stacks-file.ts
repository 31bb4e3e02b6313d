import { randomUUID } from 'node:crypto';
import { openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens a file without a name, so that it goes with its descriptors however the processes end. */
export function openStacksFile(): number {
  const path = join(tmpdir(), `gunicorn-stacks-${randomUUID()}`);
  const fd = openSync(path, 'ax+', 0o600);
  unlinkSync(path);
  return fd;
}
