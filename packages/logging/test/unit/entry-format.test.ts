import test from 'ava';
import { createJsonEntry, textEntry } from '../../src/entry-format.ts';

const PREFIX = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[(\d+)\] /;

test("a text entry is Gunicorn's line", (t) => {
  const entry = textEntry('info', 'Listening at: http://127.0.0.1:8000', { url: 'left out' });
  t.is(PREFIX.exec(entry)?.[1], String(process.pid));
  t.is(entry.replace(PREFIX, ''), '[INFO] Listening at: http://127.0.0.1:8000\n');
});

for (const level of ['debug', 'info', 'warning', 'error', 'critical'] as const) {
  test(`the level ${level} is named in both formats`, (t) => {
    t.true(textEntry(level, 'x').endsWith(` [${level.toUpperCase()}] x\n`));
    t.is(JSON.parse(createJsonEntry()(level, 'x')).level, level);
  });
}

test('a stack trace keeps its lines; other control characters are escaped', (t) => {
  const entry = textEntry('error', 'Error: \u001b[31mred\r\n    at f (file.ts:1:2)');
  t.is(entry.replace(PREFIX, ''), '[ERROR] Error: \\x1b[31mred\\x0d\n    at f (file.ts:1:2)\n');
});

test('a JSON entry is one line with time, level, pid, message and fields', (t) => {
  const line = createJsonEntry()('warning', 'two\nlines, 100% %s', { worker: 7 });
  t.is(line.indexOf('\n'), line.length - 1);
  const { time, ...rest } = JSON.parse(line);
  t.is(new Date(time).toISOString(), time);
  t.deepEqual(rest, {
    level: 'warning',
    severity: 'WARNING',
    pid: process.pid,
    worker: 7,
    msg: 'two\nlines, 100% %s',
  });
});

test('a field does not replace a member that every entry has', (t) => {
  const line = createJsonEntry()('info', 'real', { pid: 1, msg: 'false', level: 'none' });
  t.like(JSON.parse(line), {
    pid: process.pid,
    pid_: 1,
    msg: 'real',
    msg_: 'false',
    level: 'info',
    level_: 'none',
  });
});

test('errors, circles and big integers can be fields', (t) => {
  const circle: Record<string, unknown> = { big: 1n };
  circle.self = circle;
  const entry = JSON.parse(createJsonEntry()('error', 'x', { error: new TypeError('bad'), circle }));
  t.like(entry, { error: { type: 'TypeError', message: 'bad' }, circle: { self: '[Circular]', big: 1 } });
});

test('a field that throws when it is read does not cost the message', (t) => {
  const fields = {
    get broken(): never {
      throw new Error('no');
    },
  };
  t.is(JSON.parse(createJsonEntry()('info', 'still here', fields)).msg, 'still here');
});

test('control characters in JSON are escaped, C1 too', (t) => {
  const line = createJsonEntry()('info', '\u009b31m\u001b');
  t.regex(line, /\\u009b31m\\u001b/);
});
