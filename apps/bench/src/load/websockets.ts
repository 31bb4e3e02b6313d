import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child-processes.ts';
import { ON_LOAD_CORE } from '../cores.ts';
import { cpuSeconds } from '../process-tree.ts';
import type { RunningServer } from '../running-server.ts';

const program = fileURLToPath(new URL('./websocket-client.ts', import.meta.url));

export interface EchoSample {
  /** Microseconds of the whole process tree. */
  readonly cpuPerMessage: number;
  readonly messagesPerSecond: number;
}

/** Messages back and forth on so many WebSockets, one at a time on each. The time of their opening counts as theirs. */
export async function echo(
  server: RunningServer,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<EchoSample> {
  const before = cpuSeconds(server.pid);
  const words = [process.execPath, program, server.port, connections, seconds].map(String);
  const child = startChild([...ON_LOAD_CORE, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
  if (code !== 0) throw new Error('The load client gave up; what it said stands above');
  const { answered, seconds: took } = JSON.parse(output) as { answered: number; seconds: number };
  if (answered === 0) throw new Error('Not one message came back');
  return {
    cpuPerMessage: ((cpuSeconds(server.pid) - before) * 1e6) / answered,
    messagesPerSecond: answered / took,
  };
}
