import { execFile } from 'node:child_process';
import { COMMAND, type Server } from '@gunicorn-ts/test-kit';

const NODE = process.env['GUNICORN_TEST_NODE'] ?? process.execPath;

/** What came of a command. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command, as an operator types it. */
export function type(cwd: string, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(NODE, [COMMAND, ...words], { cwd, env: process.env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
  });
}

/** Finds the server by the folder that it was started in. */
export function here(server: Server, ...words: readonly string[]): Promise<Ended> {
  return type(server.folder.path, ...words);
}
