import { locatePackage } from './installed-package.ts';
import { forgetProgram } from './launcher.ts';

/** What the command uses of `@gunicorn-ts/python` before it knows whether it is needed. */
interface PythonAhead {
  startAhead(
    argv: readonly string[],
    place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ): Promise<void>;
  dropSpare(): Promise<void>;
}

let ahead: PythonAhead | undefined;

/** Lets Python boot beside this process, which has yet to load the server and to read its settings. */
export async function startPythonAhead(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const cwd = process.cwd();
  const url = locatePackage('@gunicorn-ts/python', cwd);
  if (url === undefined) return;
  ahead = (await import(url)) as PythonAhead;
  await ahead.startAhead(argv, { cwd, env: forgetProgram(env) });
}

/** What was started and was not needed ends. */
export async function dropPythonAhead(): Promise<void> {
  await ahead?.dropSpare();
}
