import { EventEmitter, once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { LineBuffer } from '../../src/line-buffer.ts';

/** A buffer over a file that a test can exchange for a full disk and back. */
function bufferedFile(t: ExecutionContext, options: { regular: boolean; limit?: number; full?: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'line-buffer-'));
  const path = join(directory, 'log');
  const file = openSync(path, 'a');
  const full = openSync('/dev/full', 'w');
  t.teardown(() => {
    closeSync(file);
    closeSync(full);
    rmSync(directory, { recursive: true });
  });
  // The buffer's timers do not keep a process alive.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  const target = { fd: options.full ? full : file, regular: options.regular };
  const reports: string[] = [];
  const reported = new EventEmitter();
  const report = (problem: string) => {
    reports.push(problem);
    reported.emit('report');
  };
  const buffer = new LineBuffer(target, report, options.limit);
  return {
    buffer,
    reports,
    nextReport: () => once(reported, 'report'),
    content: () => readFileSync(path, 'utf8'),
    makeRoom: () => (target.fd = file),
  };
}

for (const regular of [true, false]) {
  const kind = regular ? 'a regular file' : 'a stream';

  test(`lines reach ${kind} in order`, async (t) => {
    const { buffer, reports, content } = bufferedFile(t, { regular });
    let expected = '';
    for (let turn = 0; turn < 20; turn++) {
      for (let i = 0; i < 50; i++) {
        const line = `${turn}.${i} ${'é'.repeat(i * 3)}\n`;
        expected += line;
        buffer.append(line);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    t.true(await buffer.flush(1000));
    t.is(content(), expected);
    t.deepEqual(reports, []);
  });

  test(`lines that come right after others reach ${kind} without more to push them`, async (t) => {
    const { buffer, content } = bufferedFile(t, { regular });
    buffer.append('first\n');
    while (content() !== 'first\n') await nextTurn();
    buffer.append('second\n');
    while (content() !== 'first\nsecond\n') await nextTurn();
    // The file has them a moment before this process hears that it has.
    t.true(await buffer.flush(1000), 'nothing is left');
  });

  test(`lines for ${kind} wait while the disk is full, and none is lost`, async (t) => {
    const { buffer, reports, nextReport, content, makeRoom } = bufferedFile(t, { regular, full: true });
    buffer.append('first\n');
    await nextReport();
    buffer.append('second\n');
    t.deepEqual(reports, ['cannot be written: ENOSPC; lines wait in memory']);
    makeRoom();
    await nextReport();
    t.true(await buffer.flush(1000));
    t.is(content(), 'first\nsecond\n');
    t.is(reports.length, 2);
    t.regex(reports[1]!, /^is written again; 0 lines were lost: ENOSPC/);
  });

  test(`lines for ${kind} beyond the limit are dropped, counted and reported once`, async (t) => {
    const { buffer, reports, nextReport, content } = bufferedFile(t, { regular, limit: 100 });
    for (let i = 0; i < 25; i++) buffer.append(`line ${i % 10}..\n`);
    t.deepEqual(reports, [
      'cannot be written: lines come faster than they can be written; the newest are dropped',
    ]);
    await nextReport();
    t.true(await buffer.flush(1000));
    t.is(content().length, 99);
    t.is(reports.length, 2);
    t.regex(reports[1]!, /^is written again; 14 lines were lost/);
  });

  test(`what is left for ${kind} is written synchronously at the end`, (t) => {
    const { buffer, content } = bufferedFile(t, { regular });
    buffer.append('one\n');
    buffer.append('two\n');
    buffer.flushSync(100);
    t.is(content(), 'one\ntwo\n');
  });

  test(`giving up ${kind} says how much was lost`, async (t) => {
    const { buffer, reports, nextReport } = bufferedFile(t, { regular, full: true });
    buffer.append('one\n');
    await nextReport();
    buffer.append('two\n');
    buffer.discard();
    t.regex(reports.at(-1)!, /^2 lines were lost: ENOSPC/);
    t.true(await buffer.flush(1000));
  });
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('lines for a terminal that is gone are dropped, and nobody waits for them', async (t) => {
  // Its first byte is nobody's memory: a write there fails as one to such a terminal does.
  const gone = openSync('/proc/self/mem', 'r+');
  t.teardown(() => closeSync(gone));
  const reports: string[] = [];
  const buffer = new LineBuffer({ fd: gone, regular: false }, (problem) => reports.push(problem));
  buffer.append('one\n');
  t.true(await buffer.flush(60_000));
  t.deepEqual(reports, ['cannot be written: nobody reads it (EIO); lines are dropped']);
});

for (const regular of [true, false]) {
  test(`what waits is written while the loop stands still, once, and it goes on later: ${regular ? 'a file' : 'a stream'}`, async (t) => {
    const { buffer, content, reports } = bufferedFile(t, { regular });
    buffer.append('first\n');
    await nextTurn();
    buffer.append('second\n');
    buffer.flushStanding(100);
    t.true(content().includes('second\n'));
    buffer.append('third\n');
    t.true(await buffer.flush(1000));
    t.deepEqual(content().trimEnd().split('\n').toSorted(), ['first', 'second', 'third']);
    t.deepEqual(reports, []);
  });
}
