import test from 'ava';
import { upgradeParent } from '../../src/inherited-listeners.ts';

for (const [why, env, ppid, expected] of [
  ['an arbiter that started this one by USR2 is its parent', { GUNICORN_PID: '41' }, 41, 41],
  ['an arbiter in a container, which is process 1 there, as well', { GUNICORN_PID: '1' }, 1, 1],
  ['one that has gone is not', { GUNICORN_PID: '41' }, 1, undefined],
  ['nobody is where nobody says so', {}, 41, undefined],
  ['nor where the parent is outside of the container, and has the number 0', {}, 0, undefined],
  ['nor when that is said', { GUNICORN_PID: '0' }, 0, undefined],
  ['nor for an empty variable', { GUNICORN_PID: '' }, 0, undefined],
] as const) {
  test(why, (t) => {
    const given: Record<string, string | undefined> = { ...env };
    t.is(upgradeParent(given, ppid), expected);
    t.false('GUNICORN_PID' in given);
  });
}
