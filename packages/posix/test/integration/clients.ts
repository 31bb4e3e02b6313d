import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';

/** A path for a socket in a folder of its own, which goes away with the test. */
export function temporaryPath(t: ExecutionContext, name = 'test.sock'): string {
  const folder = mkdtempSync(join(tmpdir(), 'posix-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** A server that greets each connection and closes it; it closes with the test. */
export async function greetingServer(
  t: ExecutionContext,
  listener: { fd: number },
  greeting: string,
): Promise<Server> {
  const server = createServer((socket) => {
    // A client may be gone before the greeting is sent: whoever asks whether a socket is live only connects.
    socket.on('error', () => socket.destroy());
    socket.end(greeting);
  }).listen(listener);
  t.teardown(() => server.close());
  await once(server, 'listening');
  return server;
}

/** All that a server says to a new connection. */
export async function greetingAt(options: NetConnectOpts): Promise<string> {
  return text(connect(options));
}
