import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './workspace.ts';

const BIN = join(ROOT, 'node_modules/.bin');
const LONGEST_MS = 40 * 60_000;

/** How a command ended. */
export interface Outcome {
  readonly ok: boolean;
  /** What it wrote to stdout. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a command of the workspace at the root, showing what it writes while it runs unless told not to. One that takes
 * longer than forty minutes is ended and counts as failed.
 */
export async function runCommand(
  name: string,
  args: readonly string[],
  { env = {}, show = true }: { env?: NodeJS.ProcessEnv; show?: boolean } = {},
): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(name === 'node' ? process.execPath : join(BIN, name), args, {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: BIN + delimiter + process.env['PATH'],
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      // oxlint colours its output on CI, whatever NO_COLOR says.
      CI: undefined,
      TURBO_TELEMETRY_DISABLED: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LONGEST_MS,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (show) process.stdout.write(chunk);
  });
  const closed = once(child, 'close');
  const [code] = (await once(child, 'exit')) as [number | null];
  // A process that a test left behind may hold the pipe open for ever.
  await Promise.race([closed, wait(2000, undefined, { ref: false })]);
  child.stdout.destroy();
  return { ok: code === 0, output, seconds: (performance.now() - started) / 1000 };
}
