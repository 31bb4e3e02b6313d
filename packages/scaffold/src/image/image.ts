import type { ProjectFiles } from '@gunicorn-ts/interface';

/** What an image holds, and how it is started. Plain data. */
export interface Image {
  readonly name: string;
  /** The command that makes the file, for its first line: `gunicorn init`. */
  readonly madeBy: string;
  readonly isPython: boolean;
  readonly project: ProjectFiles;
  /** The release of the server, for projects in Python that do not name it. */
  readonly version: string;
  /** The arguments of the server. */
  readonly args: readonly string[];
  readonly port: number;
  readonly adminPort: number;
}
