import { realpathSync } from 'node:fs';
import { startAlone } from './inheritable.ts';
import { findInterpreter, type Interpreter } from './interpreter.ts';
import { type MasterPlace, MasterProcess, withoutArbiters } from './master-process.ts';

let spare: MasterProcess | undefined;

/**
 * Starts Python before it is known what for: it boots while the settings are read. What it is told to do comes later; one
 * that nobody wants ends.
 */
export function startAhead(place: MasterPlace): void {
  if (spare !== undefined) return;
  try {
    const interpreter = findInterpreter({ ...place, interpreter: undefined });
    spare = startAlone(() => new MasterProcess(interpreter, place));
  } catch {
    // Whoever needs it finds the same, and says it.
  }
}

/** The master that was started ahead, if it is the one that would be started now. */
export function takeSpare(interpreter: Interpreter, place: MasterPlace): MasterProcess | undefined {
  const found = spare;
  if (found === undefined || !fits(found, interpreter, place)) {
    dropSpare();
    return undefined;
  }
  spare = undefined;
  return found;
}

/** Nobody needs it. */
export function dropSpare(): void {
  void spare?.finish();
  spare = undefined;
}

/** Another environment may be another Python: what it imports when it boots is decided there. */
function fits(master: MasterProcess, { command }: Interpreter, { cwd, env }: MasterPlace): boolean {
  const wanted = withoutArbiters(env);
  const names = new Set([...Object.keys(wanted), ...Object.keys(master.env)]);
  return (
    master.interpreter.command === command &&
    realpathSync(master.cwd) === realpathSync(cwd) &&
    [...names].every((name) => wanted[name] === master.env[name])
  );
}
