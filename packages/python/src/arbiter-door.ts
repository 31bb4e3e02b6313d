import type { ReadPythonConfig, TranslatePythonConfig } from '@gunicorn-ts/config';
import { looksLikePython } from './looks-like-python.ts';
import type { MasterPlace } from './master-process.ts';

/*
 * What only the arbiter needs is loaded when it asks for it: every worker process imports this file, too, and would
 * carry it.
 */
export const readPythonConfig: ReadPythonConfig = async (path, place) => {
  const { readPythonConfig: read } = await import('./arbiter-side.ts');
  return read(path, place);
};

let wasStarted = false;

/** Starts Python ahead where the words of the command look as if it were needed; see `spare-master.ts`. */
export async function startAhead(argv: readonly string[], place: MasterPlace): Promise<void> {
  if (!looksLikePython(argv, place.cwd)) return;
  const { startAhead: start } = await import('./spare-master.ts');
  start(place);
  wasStarted = true;
}

export async function dropSpare(): Promise<void> {
  if (!wasStarted) return;
  const { dropSpare: drop } = await import('./spare-master.ts');
  drop();
}

export const translatePythonConfig: TranslatePythonConfig = async (path, place) => {
  const { translatePythonConfig: translate } = await import('./arbiter-side.ts');
  return translate(path, place);
};
