import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { Output } from '../../src/output.ts';
import { processTree } from '../../src/process-tree.ts';
import type { Report } from '../../src/report.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

function startBench(t: ExecutionContext, ...flags: readonly string[]) {
  const out = mkdtempSync(join(tmpdir(), 'bench-test-'));
  const bench = spawn(process.execPath, [main, '--quick', '--out', out, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(bench, 'exit');
  t.teardown(async () => {
    bench.kill('SIGTERM');
    await ended;
    rmSync(out, { recursive: true, force: true });
  });
  return { bench, ended, out };
}

function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean, otherwise: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('The blocked scenario measures its peers, judges its claim, and writes figures and a chart', async (t) => {
  const { bench, ended, out } = startBench(t, '--only', 'blocked', '--peers', 'sync,cluster');
  const [printed, said, [code]] = await Promise.all([text(bench.stdout), text(bench.stderr), ended]);
  t.is(code, 0, said);
  const report = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Report;
  const [scenario] = report.scenarios;
  t.deepEqual(
    [...new Set(scenario?.measurements.map(({ peer }) => peer))],
    ['gunicorn-ts sync', 'node:cluster'],
  );
  t.true(scenario!.measurements.find(({ quantity }) => quantity.name === 'p99')!.value > 0);
  t.is(scenario?.verdicts.length, 1);
  t.regex(printed, /p99: gunicorn-ts sync .* at most 5 ms/);
  t.regex(readFileSync(join(out, 'blocked.svg'), 'utf8'), /^<svg [^]*node:cluster[^]*<\/svg>\n$/);
});

test('An interrupted run keeps what it has found', async (t) => {
  const { bench, ended, out } = startBench(t, '--only', 'boot,memory', '--peers', 'node,cluster');
  const kept = (): Report => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Report;
  await eventually(() => existsSync(join(out, 'results.json')), 'nothing was kept after the first scenario');
  bench.kill('SIGINT');
  t.deepEqual(await ended, [130, null]);
  const { scenarios, outstanding } = kept();
  t.is(scenarios.length, 1);
  t.true(scenarios[0]!.measurements.length > 0);
  t.is(outstanding.length, 1);
});

test('An interrupt ends the bench and everything that it has started', async (t) => {
  const { bench, ended } = startBench(t, '--only', 'boot,memory', '--peers', 'node,cluster');
  const output = new Output();
  output.collect(bench.stderr);
  await output.waitFor(/round 1 of/, 20_000);
  let started: readonly number[] = [];
  await eventually(() => (started = processTree(bench.pid!)).length > 1, 'the bench started nothing');
  bench.kill('SIGINT');
  t.deepEqual(await ended, [130, null]);
  // They have been sent the signal; dying of it may take the kernel a moment.
  await eventually(() => !started.some((pid) => isAlive(pid)), 'a process that the bench started was left');
  t.pass();
});

test('A scenario that does not exist is an error of usage', async (t) => {
  const { bench, ended } = startBench(t, '--only', 'disk');
  const [said, [code]] = await Promise.all([text(bench.stderr), ended]);
  t.is(code, 2);
  t.regex(said, /no scenario "disk"/);
});
