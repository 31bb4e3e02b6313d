import test from 'ava';
import { findGroup, findUser } from '../../src/account.ts';
import { type IdentityFacts, resolveIdentity } from '../../src/identity.ts';

const passwd = 'root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv:/bin/false\nbroken\n+::::::\n';
const groups = 'root:x:0:\nweb:x:34:\nlogs:x:40:web,root\n';

test('Users are found by name and by id', (t) => {
  t.deepEqual(findUser(passwd, 'web'), { name: 'web', uid: 33, gid: 34 });
  t.deepEqual(findUser(passwd, 33), { name: 'web', uid: 33, gid: 34 });
  t.is(findUser(passwd, 'broken'), undefined);
  t.is(findUser(passwd, 99), undefined);
  t.is(findUser(passwd, ''), undefined);
});

test('Groups are found by name', (t) => {
  t.is(findGroup(groups, 'logs'), 40);
  t.is(findGroup(groups, 'nobody'), undefined);
});

const root: IdentityFacts = { uid: 0, gid: 0, user: undefined, group: undefined };
const web = findUser(passwd, 'web');

test('A user without a group brings its primary group', (t) => {
  const settings = { user: 'web', group: undefined, initgroups: false };
  t.deepEqual(resolveIdentity(settings, { ...root, user: web }), {
    uid: 33,
    gid: 34,
    initgroupsUser: undefined,
  });
});

test('With initgroups the primary group is set all the same', (t) => {
  const settings = { user: 'web', group: undefined, initgroups: true };
  t.deepEqual(resolveIdentity(settings, { ...root, user: web }), { uid: 33, gid: 34, initgroupsUser: 'web' });
});

test('A group wins over the primary group', (t) => {
  const settings = { user: 'web', group: 'logs', initgroups: false };
  const facts = { ...root, user: web, group: 40 };
  t.deepEqual(resolveIdentity(settings, facts), { uid: 33, gid: 40, initgroupsUser: undefined });
});

test('Ids need no account', (t) => {
  const settings = { user: 1000, group: 1001, initgroups: false };
  t.deepEqual(resolveIdentity(settings, { ...root, group: 1001 }), {
    uid: 1000,
    gid: 1001,
    initgroupsUser: undefined,
  });
});

test('Nothing changes when nothing was asked for, or when it is so already', (t) => {
  t.is(resolveIdentity({ user: undefined, group: undefined, initgroups: false }, root), undefined);
  t.is(
    resolveIdentity({ user: 33, group: 34, initgroups: false }, { uid: 33, gid: 34, user: web, group: 34 }),
    undefined,
  );
});
