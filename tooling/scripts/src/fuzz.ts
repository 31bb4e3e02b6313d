// Runs the fuzzers one after the other: `pnpm fuzz [NAME…] [--seconds N | --count N] [--seed N]`, each for a minute
// unless told otherwise. Each says its seed, and stops at the first fault.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const FUZZERS: Readonly<Record<string, string>> = {
  parser: 'packages/http/fuzz/main.ts',
  http1: 'packages/http-server/fuzz/http1/main.ts',
  http2: 'packages/http-server/fuzz/http2/main.ts',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
});
const unknown = positionals.find((name) => !Object.hasOwn(FUZZERS, name));
if (unknown !== undefined) {
  throw new Error(`there is no fuzzer "${unknown}"; write some of ${Object.keys(FUZZERS).join(', ')}`);
}
const limit = values.count === undefined ? ['--seconds', values.seconds ?? '60'] : ['--count', values.count];
const seed = values.seed === undefined ? [] : ['--seed', values.seed];
for (const [name, program] of Object.entries(FUZZERS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stdout.write(`== ${name}\n`);
  const { status } = spawnSync(process.execPath, [program, ...limit, ...seed], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
