import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child-processes.ts';
import { ON_LOAD_CORE } from '../cores.ts';

const program = fileURLToPath(new URL('./abort-client.ts', import.meta.url));

/** How many, and for how many seconds at most. */
export interface Extent {
  readonly count: number;
  readonly seconds: number;
}

/** Begins up- and downloads and leaves each in the middle; resolves with how many the server had taken. */
export async function abortRequests(port: number, { count, seconds }: Extent): Promise<number> {
  const command = [...ON_LOAD_CORE, process.execPath, program, ...[port, count, seconds].map(String)];
  const child = startChild(command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
  if (code !== 0) throw new Error('The load client gave up; what it said stands above');
  return Number(output);
}
