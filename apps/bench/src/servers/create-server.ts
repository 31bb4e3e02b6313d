import type * as Http from 'node:http';
import { createRequire } from 'node:module';

/** Whose `createServer` a plain program listens with. */
export type Maker = 'node' | 'engine';

export async function createServerOf(maker: string): Promise<typeof Http.createServer> {
  if (maker === 'engine')
    return (await import('@gunicorn-ts/http-server')).createServer as typeof Http.createServer;
  // Not by `import`, which reads every export of the module, and so loads the WebSocket client: 10 MB that a bare
  // process need not have.
  return (createRequire(import.meta.url)('node:http') as typeof Http).createServer;
}

/** On TERM a plain program has nothing to wait for. */
export function leaveOnTerm(): void {
  process.once('SIGTERM', () => process.exit(0));
}
