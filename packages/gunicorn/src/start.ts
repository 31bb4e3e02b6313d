import type { Io } from './io.ts';
import { startPythonAhead } from './python-ahead.ts';

/** A server: Python, where it is needed, boots while what the arbiter is made of is loaded. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  // Where it fails, so does the import that the settings are read with, and says why.
  await startPythonAhead(argv, io.env).catch(() => undefined);
  const server = await import('./main.ts');
  return server.main(argv, io);
}
