import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createErrorLog } from '../../src/index.ts';
import { exitCode, firstLine, makeFifo, readAll, run, temporaryDirectory } from './child.ts';

test('a reader of stderr that stops costs entries, not the server, and the loss is noted', async (t) => {
  const child = run(t, { program: 'error-flood.ts', args: [20_000], stdio: ['pipe', 'pipe', 'pipe'] });
  const elapsedMs = Number(await firstLine(child.stdout!));
  // Waiting anew for each would take more than an hour.
  t.true(elapsedMs < 30_000, `20,000 entries took ${elapsedMs} ms`);
  const output = readAll(child.stderr!);
  // The reader has read something: there is room again.
  await once(child.stderr!, 'data');
  child.stdin!.end();
  const entries = (await output).split('\n');
  t.is(await exitCode(child), 0);
  const note = entries.findIndex((entry) => /\[WARNING\] \d+ log entries were lost: EAGAIN$/.test(entry));
  t.true(note > 0);
  t.regex(entries[note + 1]!, /\[INFO\] the last$/);
  const lost = Number(/(\d+) log entries/.exec(entries[note]!)?.[1]);
  t.is(entries.filter((entry) => /\[INFO\] entry \d+ \.{100}$/.test(entry)).length + lost, 20_000);
});

test('a reader of stderr that goes away ends nothing', async (t) => {
  const child = run(t, { program: 'error-flood.ts', args: [20_000], stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr!.destroy();
  t.true(Number(await firstLine(child.stdout!)) > 0);
  child.stdin!.end();
  t.is(await exitCode(child), 0);
});

test('after a rename, reopen goes on in a new file', (t) => {
  const errorlog = join(temporaryDirectory(t), 'error.log');
  const log = createErrorLog({ errorlog, loglevel: 'info', logFormat: 'json' });
  log.info('before');
  renameSync(errorlog, `${errorlog}.1`);
  log.reopen();
  log.info('after');
  log.close();
  t.is(JSON.parse(readFileSync(`${errorlog}.1`, 'utf8')).msg, 'before');
  t.is(JSON.parse(readFileSync(errorlog, 'utf8')).msg, 'after');
});

test('when the new file cannot be opened, the old one is kept and says so', (t) => {
  const directory = join(temporaryDirectory(t), 'logs');
  mkdirSync(directory);
  const log = createErrorLog({ errorlog: join(directory, 'error.log'), loglevel: 'info', logFormat: 'text' });
  renameSync(directory, `${directory}.gone`);
  log.reopen();
  log.info('still here');
  log.close();
  const [first, second] = readFileSync(join(`${directory}.gone`, 'error.log'), 'utf8').split('\n');
  t.regex(
    first!,
    /\[ERROR\] errorlog '.*' cannot be written: ENOENT, .*The file that was open before is kept$/,
  );
  t.regex(second!, /\[INFO\] still here$/);
});

test('a log that cannot be written is refused with what to write instead', (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, 'file'), '');
  const open = (errorlog: string) => () => createErrorLog({ errorlog, loglevel: 'info', logFormat: 'text' });
  const code = 'ERR_LOG_NOT_WRITABLE';
  t.throws(open(join(directory, 'missing/error.log')), {
    code,
    message: `errorlog '${directory}/missing/error.log' cannot be written: ENOENT, the directory '${directory}/missing' does not exist; create it, or write errorlog: '-' for stderr`,
  });
  t.throws(open(directory), { code, message: /EISDIR, it is a directory; name a file in it/ });
  t.throws(open(join(directory, 'file/error.log')), {
    code,
    message: /ENOTDIR, '.*file' is not a directory/,
  });
  t.throws(open(makeFifo(t)), { code, message: /ENXIO, it is a socket, or a FIFO that nobody reads/ });
});
