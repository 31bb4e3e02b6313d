import { lstatSync, readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type {
  ConfigContext,
  ConfigInput,
  ConfigProcess,
  Problem,
  SettingSource,
} from '@gunicorn-ts/interface';
import type { Variables } from './environment.ts';
import { importFresh } from './fresh-import.ts';
import { lineOfKey } from './config-source.ts';
import { configFileGone, ConfigFileError } from './errors.ts';
import { whyMissing, whyMissingNote } from './missing-path.ts';
import { renderSource, shortPath } from './problem-text.ts';
import { describeFailure } from './user-stack.ts';

const PYTHON_DEFAULT = 'gunicorn.conf.py';
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
/** Formats that people may expect to be read, and that no language is. */
const DATA = ['.json', '.toml', '.yaml', '.yml', '.ini', '.env'];

/** A configuration file that was read. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly input: ConfigInput;
  /** What it changed in the environment while it ran; known when it ran in this process, or in Python. */
  readonly environment?: Variables;
  /** The line, counted from 1, on which a key is written, when it is. */
  lineOf(key: string): number | undefined;
  /** See `LoadedSettings.configProcess`. */
  readonly process?: ConfigProcess;
  /** See `LoadedSettings.uncalled`. */
  readonly uncalled?: readonly Problem[];
}

/** A file that somebody asked for by `-c`, on the command line or in `GUNICORN_CMD_ARGS`. */
export interface NamedFile {
  readonly name: string;
  readonly source: SettingSource;
}

/**
 * The file that `-c` names, or the one in the launch directory; `undefined` when there is none. Throws a
 * `ConfigFileError` when it is missing, and when there are several to choose from. Python's is found where there is
 * no other; `python:MODULE` is given back as it is.
 * @param before the file that a running server has its settings from: without one they would all be the defaults
 */
export function findConfigFile(
  named: NamedFile | undefined,
  cwd: string,
  before?: string,
): string | undefined {
  if (named === undefined) {
    const found = findDefault(cwd);
    if (found === undefined && before !== undefined) throw configFileGone(before, whyMissing(before));
    return found;
  }
  const { name } = named;
  const path = resolve(
    cwd,
    name.startsWith('file:') ? name.slice('file:'.length).replace(/^\/\/(?=\/)/, '') : name,
  );
  // `-c /dev/null` is how people tell Gunicorn to leave the default file alone.
  if (path === '/dev/null') return undefined;
  const what = `The configuration file ${name} (${renderSource(named.source)})`;
  if (name.startsWith('python:')) return name;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new ConfigFileError(`${what} does not exist${whyMissingNote(path)}; correct its path`);
  if (stat.isDirectory()) throw new ConfigFileError(`${what} is a folder; name the file in it`);
  if (DATA.includes(extname(path))) {
    throw new ConfigFileError(
      `${what} is no program; write its settings in a file that ends in one of ${[...EXTENSIONS, '.py'].join(', ')}`,
    );
  }
  return path;
}

/** Whether `-c` names Python: `python:MODULE`, or a file that no other language claims by its ending, as Gunicorn has it. */
export function isPythonConfig(name: string): boolean {
  return name.startsWith('python:') || !EXTENSIONS.includes(extname(name));
}

function findDefault(cwd: string): string | undefined {
  const isThere = (name: string): boolean =>
    lstatSync(resolve(cwd, name), { throwIfNoEntry: false }) !== undefined;
  const found = EXTENSIONS.map((extension) => `gunicorn.conf${extension}`).filter(isThere);
  if (found.length > 1) {
    throw new ConfigFileError(
      `There are ${found.join(' and ')} in ${cwd}; keep one, or choose with --config`,
    );
  }
  const name = found[0] ?? (isThere(PYTHON_DEFAULT) ? PYTHON_DEFAULT : undefined);
  if (name === undefined) return undefined;
  const path = resolve(cwd, name);
  // A link that leads nowhere was meant to be the file, and so may have been a folder.
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === false) return path;
  const what = stat === undefined ? `cannot be found${whyMissingNote(path)}` : 'is a folder';
  throw new ConfigFileError(
    `The configuration file ${name} in ${cwd} ${what}; put the file there, or choose another with --config`,
  );
}

/** Loads the file afresh, so that a reload sees edits in it and in the files it imports. */
export async function loadConfigFile(path: string, context: ConfigContext): Promise<ConfigFile> {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigFileError(`${shortPath(path)} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    const exported = defaultExport(await importFresh(path), path);
    const made: unknown = typeof exported === 'function' ? await exported(context) : await exported;
    return { path, input: toInput(made, path), lineOf: (key) => lineOfKey(source, key) };
  } catch (error) {
    if (error instanceof ConfigFileError) throw error;
    throw new ConfigFileError(`${shortPath(path)} could not be loaded: ${describeFailure(error)}`, {
      cause: error,
    });
  }
}

function defaultExport(module: Record<string, unknown>, path: string): unknown {
  let exported = module['default'];
  // CommonJS that was compiled from an ES module: the namespace's default is the whole `exports`.
  if (isObject(exported) && exported['__esModule'] === true) exported = exported['default'];
  const names = Object.keys(module).filter((name) => name !== 'default' && name !== 'module.exports');
  if (
    exported === undefined ||
    (isObject(exported) && Object.keys(exported).length === 0 && names.length > 0)
  ) {
    const seen = names.length > 0 ? ` (it exports ${names.slice(0, 5).join(', ')})` : '';
    throw new ConfigFileError(
      `${shortPath(path)} has no default export${seen}; write export default defineConfig({ workers: 2 })`,
    );
  }
  return exported;
}

function toInput(value: unknown, path: string): ConfigInput {
  if (isObject(value) && !Array.isArray(value)) return value as ConfigInput;
  const found = Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value;
  throw new ConfigFileError(
    `${shortPath(path)} must give an object of settings, not ${found}; write export default defineConfig({ workers: 2 })`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
