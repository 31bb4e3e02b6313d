import type { LogLine } from '@gunicorn-ts/interface';
import test from 'ava';
import { isWanted, levelOf, readLogWish } from '../../src/server/log-stream.ts';

const line = (change: Partial<LogLine>): LogLine => ({
  log: 'error',
  level: 'info',
  pid: 1,
  at: 0,
  text: 'said',
  ...change,
});

test('without a wish all lines are wanted', (t) => {
  const wish = readLogWish({});
  t.true(isWanted(wish, line({ level: 'debug' })));
  t.true(isWanted(wish, line({ log: 'access' })));
  t.false(wish.follows);
});

test('a wish names log, level and text', (t) => {
  const wish = readLogWish({ log: 'error', level: 'warning', match: 'aid', last: 3, follow: true });
  t.like(wish, { last: 3, follows: true });
  t.true(isWanted(wish, line({ level: 'error' })));
  t.false(isWanted(wish, line({ level: 'info' })));
  t.false(isWanted(wish, line({ level: 'error', text: 'other' })));
  t.false(isWanted(wish, line({ log: 'access', level: 'error' })));
});

for (const options of [
  { log: 'other' },
  { last: -1 },
  { last: 1.5 },
  { last: '3' },
  { level: 'loud' },
] as const) {
  test(`a wish for ${JSON.stringify(options)} is refused`, (t) => {
    t.throws(() => readLogWish(options), { message: /must be|is one of/ });
  });
}

test('a level may be called as Python calls it', (t) => {
  t.is(levelOf('warn'), 'warning');
});
