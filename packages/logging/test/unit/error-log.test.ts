import { closeSync, openSync, readFileSync, rmSync, symlinkSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { createErrorLog } from '../../src/error-log.ts';

function temporaryDirectory(t: { teardown(undo: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'error-log-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

function messages(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^(\[[^\]]*\] ){2}/, ''));
}

test('entries below the level are not written', (t) => {
  const errorlog = join(temporaryDirectory(t), 'log');
  const log = createErrorLog({ errorlog, loglevel: 'warning', logFormat: 'text' });
  for (const level of ['debug', 'info', 'warning', 'error', 'critical'] as const) {
    log[level](level);
    t.is(log.isEnabled(level), level !== 'debug' && level !== 'info');
  }
  log.close();
  t.deepEqual(messages(errorlog), ['[WARNING] warning', '[ERROR] error', '[CRITICAL] critical']);
});

test('entries that a full disk swallowed are counted when there is room again', (t) => {
  const errorlog = join(temporaryDirectory(t), 'log');
  symlinkSync('/dev/full', errorlog);
  const log = createErrorLog({ errorlog, loglevel: 'info', logFormat: 'text' });
  log.info('lost 1');
  log.info('lost 2');
  rmSync(errorlog);
  log.reopen();
  log.info('kept');
  log.info('and this');
  log.close();
  t.deepEqual(messages(errorlog), [
    '[WARNING] 2 log entries were lost: ENOSPC',
    '[INFO] kept',
    '[INFO] and this',
  ]);
});

test('an entry after close is dropped, and goes to no other file', (t) => {
  const directory = temporaryDirectory(t);
  const log = createErrorLog({ errorlog: join(directory, 'log'), loglevel: 'info', logFormat: 'text' });
  log.close();
  const other = openSync(join(directory, 'other'), 'w');
  log.critical('too late');
  log.close();
  closeSync(other);
  t.is(readFileSync(join(directory, 'other'), 'utf8'), '');
});
