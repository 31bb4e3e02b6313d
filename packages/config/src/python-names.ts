import type { ConfigProcess, Problem } from '@gunicorn-ts/interface';

/** What a configuration file in Python leaves behind when it has run: its names, by kind. */
export interface PythonNames {
  /** Those that JSON can hold. Tuples and sets are lists. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Functions, each with its number of parameters; `null` when Python does not tell. */
  readonly functions: Readonly<Record<string, number | null>>;
  /** What it changed in `os.environ`; `null` for a variable that it removed. */
  readonly environment?: Readonly<Record<string, string | null>>;
  /** Classes by their import path, and whatever else there is in the words of Python's `repr`. */
  readonly objects: Readonly<Record<string, string>>;
}

/** Where to run a configuration file in Python. */
export interface PythonPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The setting `python` of the command line. */
  readonly interpreter: string | undefined;
}

/**
 * Runs `gunicorn.conf.py`, given by its absolute path, or the module behind `python:MODULE`. Handed in by whoever knows
 * Python. Throws an `OperatorError` when there is no interpreter; what the file throws becomes a `ConfigFileError`.
 */
export type ReadPythonConfig = (path: string, place: PythonPlace) => Promise<PythonRun>;

/** What a run left behind: its names, and the process that goes on with them, or is closed. */
export interface PythonRun extends PythonNames {
  readonly process: ConfigProcess;
}

/** An expression of such a file, in TypeScript. */
export interface TranslatedExpression {
  readonly code: string;
  readonly kind: 'number' | 'text' | 'other';
  /** Names of the file that it uses; each has an expression of its own. */
  readonly uses: readonly string[];
}

/** What of such a file can be said in TypeScript, by name; what the code needs is imported by whole statements. */
export interface Translation {
  readonly imports: readonly string[];
  readonly expressions: Readonly<Record<string, TranslatedExpression>>;
}

/** Translates `gunicorn.conf.py` without running it. Handed in by whoever knows Python. */
export type TranslatePythonConfig = (path: string, place: PythonPlace) => Promise<Translation>;

/** What one name of such a file means here. */
export type PythonFinding =
  | { readonly kind: 'setting'; readonly name: string; readonly key: string; readonly value: unknown }
  | { readonly kind: 'worker-hook'; readonly name: string }
  | { readonly kind: 'arbiter-hook'; readonly name: string; readonly key: string }
  | { readonly kind: 'unsupported'; readonly name: string; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly name: string; readonly near: string | undefined };
