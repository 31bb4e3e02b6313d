import type { ErrorLogOutlet, LogEntry, LogLevel } from '@gunicorn-ts/interface';
import test from 'ava';
import type { ErrorLog } from '../../src/error-log.ts';
import { LedLog } from '../../src/led-log.ts';

/** The own log, as the lines that it writes. */
function ownLog(lines: string[]): ErrorLog {
  const write = (level: LogLevel) => (message: string) => void lines.push(`${level} ${message}`);
  return {
    debug: write('debug'),
    info: write('info'),
    warning: write('warning'),
    error: write('error'),
    critical: write('critical'),
    isEnabled: (level) => level !== 'debug',
    write: ({ level, message }) => write(level)(message),
    render: ({ message }) => message,
    setLevel: () => undefined,
    reopen: () => undefined,
    close: () => void lines.push('closed'),
  };
}

class FakeOutlet implements ErrorLogOutlet {
  level: LogLevel | undefined = 'info';
  isFull = false;
  readonly taken: LogEntry[] = [];
  giveBack: (entry: LogEntry) => void = () => undefined;

  begin(giveBack: (entry: LogEntry) => void): void {
    this.giveBack = giveBack;
  }

  take(entry: LogEntry): boolean {
    if (!this.isFull) this.taken.push(entry);
    return !this.isFull;
  }

  settle(): void {
    for (const entry of this.taken.splice(0)) this.giveBack(entry);
  }

  get messages(): readonly string[] {
    return this.taken.map(({ level, message }) => `${level} ${message}`);
  }
}

function makeLog(): { log: LedLog; lines: string[]; outlet: FakeOutlet } {
  const lines: string[] = [];
  return { log: new LedLog(ownLog(lines)), lines, outlet: new FakeOutlet() };
}

test('an outlet that asks gets the entries from its level on, and the own log none', (t) => {
  const { log, lines, outlet } = makeLog();
  outlet.level = 'warning';
  log.lead(outlet);
  log.info('not wanted');
  log.warning('one', { of: 'two' });
  t.deepEqual(outlet.messages, ['warning one']);
  t.deepEqual(outlet.taken[0]?.fields, { of: 'two' });
  t.deepEqual(lines, []);
  t.false(log.isEnabled('info'));
  outlet.level = 'debug';
  t.true(log.isEnabled('debug'));
});

test('while it asks for nothing, or cannot take one, the own log writes', (t) => {
  const { log, lines, outlet } = makeLog();
  outlet.level = undefined;
  log.lead(outlet);
  log.info('one');
  outlet.level = 'info';
  outlet.isFull = true;
  log.info('two');
  t.deepEqual(lines, ['info one', 'info two']);
});

test('what is given back, and what an outlet says itself, goes to the own log alone', (t) => {
  const { log, lines, outlet } = makeLog();
  log.lead(outlet);
  log.own.info('of the outlet');
  log.error('unwritten');
  log.settle();
  log.error('after the end');
  t.deepEqual(lines, ['info of the outlet', 'error unwritten', 'error after the end']);
});

test('entries are held until it is known who writes them', (t) => {
  const { log, lines, outlet } = makeLog();
  log.hold();
  log.info('one');
  log.info('two');
  t.deepEqual([lines, outlet.messages], [[], []]);
  log.lead(outlet);
  log.info('three');
  t.deepEqual(outlet.messages, ['info one', 'info two', 'info three']);
});

test('entries that are held are written when nobody comes, when there are too many, and at the end', (t) => {
  for (const end of [(log: LedLog) => log.lead(undefined), (log: LedLog) => log.settle()]) {
    const { log, lines } = makeLog();
    log.hold();
    log.info('held');
    end(log);
    t.deepEqual(lines, ['info held']);
  }
  const { log, lines } = makeLog();
  log.hold();
  for (let count = 0; count < 10_000; count++) log.info('many');
  t.is(lines.length, 10_000);
});

test('what a client sent can look like no entry for an outlet either', (t) => {
  const { log, outlet } = makeLog();
  log.lead(outlet);
  log.warning('a\u001b[2J\n[2026-01-01] forged');
  t.deepEqual(outlet.messages, ['warning a\\x1b[2J\n  [2026-01-01] forged']);
});

test('another own log takes the place of the first, which is closed', (t) => {
  const { log, lines } = makeLog();
  const next: string[] = [];
  log.replace(ownLog(next));
  log.info('one');
  log.own.info('two');
  t.deepEqual([lines, next], [['closed'], ['info one', 'info two']]);
});
