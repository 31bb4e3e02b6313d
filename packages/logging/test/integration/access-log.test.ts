import { closeSync, constants, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createAccessLog } from '../../src/index.ts';
import { exitCode, makeFifo, readAll, run, temporaryDirectory } from './child.ts';
import { request } from './programs/request.ts';

interface FloodReport {
  readonly longestTurnMs: number;
  readonly grownBytes: number;
  readonly closeMs: number;
  readonly errors: readonly string[];
}

function targets(text: string): number[] {
  return [...text.matchAll(/^\/(\d+)/gm)].map((match) => Number(match[1]));
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

test('lines of many turns of the loop arrive whole and in order', async (t) => {
  const accesslog = join(temporaryDirectory(t), 'access.log');
  const child = run(t, {
    program: 'access-flood.ts',
    args: [accesslog, 50_000],
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const report = JSON.parse(await readAll(child.stderr!)) as FloodReport;
  t.is(await exitCode(child), 0);
  t.deepEqual(report.errors, []);
  t.deepEqual(targets(readFileSync(accesslog, 'utf8')), upTo(50_000));
});

for (const kind of ['file', 'FIFO'] as const) {
  test(`lines of several processes do not mix in one ${kind}`, async (t) => {
    const accesslog = kind === 'file' ? join(temporaryDirectory(t), 'access.log') : makeFifo(t);
    const reader =
      kind === 'FIFO'
        ? run(t, { program: 'cat.ts', args: [accesslog], stdio: ['ignore', 'pipe', 'inherit'] })
        : undefined;
    const output = reader && readAll(reader.stdout!);
    // Held open, or the reader would see its end when the first writer leaves.
    const held = openSync(accesslog, kind === 'FIFO' ? constants.O_RDWR : 'a');
    const children = [1, 2, 3].map(() =>
      run(t, { program: 'access-flood.ts', args: [accesslog, 2000], stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    for (const child of children) t.is(await exitCode(child), 0);
    closeSync(held);
    const lines = (output ? await output : readFileSync(accesslog, 'utf8')).split('\n').slice(0, -1);
    t.is(lines.length, 6000);
    t.true(lines.every((line) => /^\/\d+ -\.{150}$/.test(line)));
  });
}

test('a process that exits in the middle of it loses no line and keeps the order', async (t) => {
  const accesslog = join(temporaryDirectory(t), 'access.log');
  const child = run(t, { program: 'access-exit.ts', args: [accesslog, 20_000], stdio: 'inherit' });
  t.is(await exitCode(child), 7);
  t.deepEqual(targets(readFileSync(accesslog, 'utf8')), upTo(20_000));
});

function assertUnharmed(t: ExecutionContext, report: FloodReport): void {
  t.true(report.longestTurnMs < 2000, `a turn of the loop took ${report.longestTurnMs} ms`);
  t.true(report.grownBytes < 64 * 2 ** 20, `memory grew by ${report.grownBytes} bytes`);
  t.true(report.closeMs < 2000, `closing took ${report.closeMs} ms`);
}

for (const kind of ['socket', 'FIFO'] as const) {
  test(`a reader that stops reading its ${kind} stops neither the loop nor the exit`, async (t) => {
    const accesslog = kind === 'FIFO' ? makeFifo(t) : '-';
    const reader =
      kind === 'FIFO' ? openSync(accesslog, constants.O_RDONLY | constants.O_NONBLOCK) : undefined;
    t.teardown(() => reader !== undefined && closeSync(reader));
    const child = run(t, {
      program: 'access-flood.ts',
      args: [accesslog, 100_000],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const report = JSON.parse(await readAll(child.stderr!)) as FloodReport;
    t.is(await exitCode(child), 0);
    assertUnharmed(t, report);
    t.is(report.errors.length, 2);
    t.regex(report.errors[0]!, /cannot be written: lines come faster/);
    t.regex(report.errors[1]!, /\d{4,} lines were lost: lines come faster/);
  });
}

test('a reader that goes away is reported once, and costs only its lines', async (t) => {
  const child = run(t, {
    program: 'access-flood.ts',
    args: ['-', 50_000],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout!.destroy();
  const report = JSON.parse(await readAll(child.stderr!)) as FloodReport;
  t.is(await exitCode(child), 0);
  assertUnharmed(t, report);
  t.is(report.errors.filter((error) => error.includes('EPIPE); lines are dropped')).length, 1);
});

test('after a rename, reopen goes on in a new file and loses nothing', async (t) => {
  const accesslog = join(temporaryDirectory(t), 'access.log');
  const log = createAccessLog({ accesslog, accessLogFormat: '%(U)s', logFormat: 'text' });
  let number = 0;
  for (let rotation = 0; rotation < 5; rotation++) {
    for (let i = 0; i < 1000; i++) log.write(request(number++));
    // Not waited for: a write is in flight while the file is exchanged.
    await new Promise((resolve) => setImmediate(resolve));
    renameSync(accesslog, `${accesslog}.${rotation}`);
    log.reopen();
  }
  log.write(request(number++));
  await log.close();
  const files = [...upTo(5).map((rotation) => `${accesslog}.${rotation}`), accesslog];
  t.deepEqual(
    files.flatMap((file) => targets(readFileSync(file, 'utf8'))),
    upTo(number),
  );
  t.true(targets(readFileSync(accesslog, 'utf8')).length > 0);
});

test('when the new file cannot be opened, the old one is kept', async (t) => {
  const directory = join(temporaryDirectory(t), 'logs');
  mkdirSync(directory);
  const accesslog = join(directory, 'access.log');
  const errors: string[] = [];
  const log = createAccessLog({
    accesslog,
    accessLogFormat: '%(U)s',
    logFormat: 'text',
    onError: (error) => errors.push(error.message),
  });
  renameSync(directory, `${directory}.gone`);
  log.reopen();
  log.write(request(1));
  await log.close();
  t.is(readFileSync(join(`${directory}.gone`, 'access.log'), 'utf8'), '/1\n');
  t.is(errors.length, 1);
  t.regex(errors[0]!, /^accesslog '.*' cannot be written: ENOENT, .* The file that was open before is kept$/);
  rmSync(`${directory}.gone`, { recursive: true });
});
