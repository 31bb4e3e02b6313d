import test from 'ava';
import { accessLogTime, errorLogTime, isoTime } from '../../src/local-time.ts';

// Newfoundland: behind UTC by half hours, with summer time.
process.env.TZ = 'America/St_Johns';

test('times are local, with the offset that held then', (t) => {
  const winter = Date.parse('2026-01-05T03:04:05Z');
  const summer = Date.parse('2026-07-05T03:04:05Z');
  t.is(errorLogTime(winter), '[2026-01-04 23:34:05 -0330]');
  t.is(errorLogTime(summer), '[2026-07-05 00:34:05 -0230]');
  t.is(accessLogTime(winter), '[04/Jan/2026:23:34:05 -0330]');
  t.is(accessLogTime(summer), '[05/Jul/2026:00:34:05 -0230]');
});

test('isoTime is toISOString', (t) => {
  for (const now of ['2026-01-05T03:04:05.000Z', '2026-01-05T03:04:05.042Z', '2026-01-05T03:04:06.999Z']) {
    t.is(isoTime(Date.parse(now)), now);
  }
});
