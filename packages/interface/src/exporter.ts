import type { Settings } from './settings.ts';

/** What one entry of `bind` asks for. */
export type BindTarget =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }
  /** The sockets that systemd passed by this name (`FileDescriptorName=`). */
  | { readonly kind: 'fd'; readonly name: string };

/** How the command is started. */
export interface Invocation {
  /** The words in front of the server's arguments; the first is an absolute path. */
  readonly program: readonly [string, ...string[]];
  /** Whether that becomes Node.js, and is not Node.js itself. */
  readonly isLauncher: boolean;
  /** The server's own arguments, as they were given to `gunicorn export`. */
  readonly argv: readonly string[];
  /** The launch directory: the configuration file and relative paths are looked up from here. */
  readonly cwd: string;
}

/** What lies in the folder of the application, as far as exporters read it. */
export interface ProjectFiles {
  /** Names of its files and folders, without those below. */
  readonly names: readonly string[];
  /** Texts of the files that say what it depends on: `package.json`, `pyproject.toml`, `requirements.txt`. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What an exporter has to know: the server's settings, and how it is started. Plain data. */
export interface Deployment {
  /** Names files, units and upstreams: letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** The release of the server. */
  readonly version: string;
  /** The application, as the server names it. */
  readonly target: string;
  readonly settings: Readonly<Settings>;
  /** Keys of the settings that somebody gave, and which are not defaults of this machine. */
  readonly given: readonly string[];
  readonly binds: readonly BindTarget[];
  /** Whether the worker class keeps connections for further requests. */
  readonly keepsConnections: boolean;
  /** Whether the application is Python, and each worker has a Python process behind it. */
  readonly isPython: boolean;
  readonly invocation: Invocation;
  /** Absolute paths that the server reads. */
  readonly reads: readonly string[];
  readonly project: ProjectFiles;
  /** `NAME=VALUE` pairs that a file for everybody may hold: of `rawEnv`, and those that settings came from. */
  readonly environment: readonly string[];
  /** Names of those that it may not: they look like secrets. */
  readonly secrets: readonly string[];
}

/** A file that was asked for. The name may lead into folders: `templates/service.yaml`. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** The files, and what the operator should know about them. */
export interface Export {
  readonly files: readonly ExportedFile[];
  readonly warnings: readonly string[];
}

/** A flag of one exporter, beside `--output` and `--check`, which all have. */
export interface ExporterOption {
  /** With its dashes: `--image`. */
  readonly flag: string;
  /** What stands for its value in the help; a flag without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

/** Values by flag, in the order in which they were given; a switch has the empty list. */
export type ExporterOptions = ReadonlyMap<string, readonly string[]>;

/**
 * One kind of `gunicorn export KIND`, brought by a package that is installed beside the server for it alone. Such a
 * package exports `exporters`, a list of these.
 */
export interface Exporter {
  /** The word behind `export`. */
  readonly kind: string;
  readonly options: readonly ExporterOption[];
  /**
   * Makes the files. Pure: reads and writes nothing.
   * @throws {OperatorError} when a setting or an option has a value that cannot be exported
   */
  make(deployment: Deployment, options: ExporterOptions): Export;
}
