import { readFileSync } from 'node:fs';
import { type Server, type ServerOptions, startServer } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';

export { pythonTest } from '../serve.ts';

const APPLICATION: string = readFileSync(new URL('application.py', import.meta.url), 'utf8');

/** The command with the application of this folder as `site:app`. */
export function serveAsgi(
  t: ExecutionContext,
  args: readonly string[] = [],
  options: ServerOptions & { readonly target?: string } = {},
): Promise<Server> {
  const { files, target = 'api:app', ...rest } = options;
  return startServer(t, {
    ...rest,
    files: { 'api.py': APPLICATION, ...files },
    args: ['-k', 'asgi', ...args, target],
  });
}

export function portOf(server: Server): number {
  return Number(new URL(server.url).port);
}

/** A GET, as a client that keeps its connection sends it. */
export function get(path: string, ...headers: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
}
