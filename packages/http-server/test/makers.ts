import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { createServer, type ServerOptions } from '../src/index.ts';

/** How a server of this package, or Node's own, is made. */
export type Make = (options?: http.ServerOptions, listener?: http.RequestListener) => http.Server;

export const nodeServer: Make = (options = {}, listener) => http.createServer(options, listener);

/** The ways in which the bytes of connections can come and go. */
export const TRANSPORTS = ['descriptor', 'stream'] as const;

export function engineServer(transport: (typeof TRANSPORTS)[number]): Make {
  return (options = {}, listener) => createServer({ ...options, transport } as ServerOptions, listener);
}

/** Listens on a port that the kernel chose; the server goes with the test. */
export async function listening(t: ExecutionContext, server: http.Server): Promise<number> {
  t.teardown(async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
