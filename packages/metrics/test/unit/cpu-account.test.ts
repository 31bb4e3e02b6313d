import test from 'ava';
import { CpuAccount } from '../../src/cpu-account.ts';

test('processor time of ended processes counts as far as it was seen', (t) => {
  const account = new CpuAccount();
  account.note(1, 2);
  account.note(2, 1);
  account.note(1, undefined);
  account.end(1);
  t.is(account.seconds, 3);
});

test('those that are not there any more have ended', (t) => {
  const account = new CpuAccount();
  account.note(1, 2);
  account.note(2, 1);
  account.keep(new Set([2]));
  account.note(2, 4);
  t.is(account.seconds, 6);
});

test('a process that was given the id of an ended one is another one', (t) => {
  const account = new CpuAccount();
  account.note(7, 5);
  account.note(7, 0.5);
  t.is(account.seconds, 5.5);
});
