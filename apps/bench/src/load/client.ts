import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const keepAliveClient = new URL('./keep-alive-client.ts', import.meta.url).pathname;
const crowdClient = new URL('./crowd-client.ts', import.meta.url).pathname;

export interface KeepAliveLoad {
  readonly port: number;
  readonly connections: number;
  /** How long, in milliseconds. */
  readonly forMs: number;
}

/** Keeps connections busy, from another process. Resolves with the number of answers. */
export async function keepAliveLoad({ port, connections, forMs }: KeepAliveLoad): Promise<number> {
  const child = spawn(process.execPath, [keepAliveClient, String(port), String(connections), String(forMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error('The load client failed; what it said stands above');
  return (JSON.parse(output) as { answered: number }).answered;
}

/** Many connections that keep silent, held by another process. */
export interface Crowd {
  /** Closes them all; resolves when the client has left. */
  leave(): Promise<void>;
}

/** Resolves when each of the connections was answered once. */
export async function gatherCrowd(port: number, connections: number): Promise<Crowd> {
  const command = ['sh', '-c', `ulimit -n ${connections + 100} 2>/dev/null; exec "$@"`, 'sh'];
  const [program = '', ...rest] = [
    ...command,
    process.execPath,
    crowdClient,
    String(port),
    String(connections),
  ];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => {
      throw new Error('The client could not open its connections; what it said stands above');
    }),
  ]);
  return {
    async leave() {
      child.stdin.end();
      await ended;
    },
  };
}
