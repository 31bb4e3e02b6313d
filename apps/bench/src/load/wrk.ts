import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface WrkOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Connections that failed, and answers other than 2xx and 3xx. */
  readonly failures: number;
}

/** Asks with a connection for each request, from the first core. Throws when wrk is not installed. */
export async function connectionLoad({ port, connections, seconds }: WrkOptions): Promise<WrkResult> {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '-H', 'Connection: close'];
  const { stdout } = await run('taskset', ['-c', '0', 'wrk', ...flags, `http://127.0.0.1:${port}/`]);
  return parseWrk(stdout);
}

/** @throws when the text is not what wrk prints */
export function parseWrk(text: string): WrkResult {
  const requests = /^\s*(\d+) requests in /m.exec(text)?.[1];
  const rate = /^Requests\/sec:\s*([\d.]+)/m.exec(text)?.[1];
  if (requests === undefined || rate === undefined) throw new Error(`wrk printed no figures:\n${text}`);
  const [, ...errors] =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? '0';
  const failures = [...errors, refused].reduce((sum, count) => sum + Number(count), 0);
  return { requests: Number(requests), requestsPerSecond: Number(rate), failures };
}
