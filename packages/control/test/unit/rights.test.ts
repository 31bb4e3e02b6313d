import test from 'ava';
import { rightOf, type Right } from '../../src/server/rights.ts';

const OWN = 1000;
const CASES: readonly (readonly [string, Parameters<typeof rightOf>, Right])[] = [
  ['root', [{ uid: 0, gid: 0, pid: 1 }, OWN, 0o600], 'control'],
  ['the user of the server', [{ uid: OWN, gid: 5, pid: 1 }, OWN, 0o600], 'control'],
  ['another user, whom the mode lets in', [{ uid: 33, gid: 33, pid: 1 }, OWN, 0o666], 'view'],
  ['another user of the same group', [{ uid: 33, gid: OWN, pid: 1 }, OWN, 0o660], 'view'],
  ['somebody unknown, where only the owner gets in', [undefined, OWN, 0o600], 'control'],
  ['somebody unknown, where others get in', [undefined, OWN, 0o660], 'view'],
];

for (const [who, given, right] of CASES) {
  test(`${who} may ${right}`, (t) => {
    t.is(rightOf(...given), right);
  });
}
