import test from 'ava';
import { isKept, outdated } from '../../src/compiled-files.ts';
import { compiledPlaces, isPrivate, type FolderFacts } from '../../src/compiled-folder.ts';

const USER = 1000;
const OTHER = 1001;
const folder = (owner: number, mode: number): FolderFacts => ({ isFolder: true, owner, mode });
const root = folder(0, 0o755);

for (const [what, folders, expected] of [
  ['the folder of the user in those of root', [root, folder(USER, 0o700)], true],
  ['a folder of root, which may only be read', [root, folder(0, 0o755)], true],
  [
    'a folder of the user in one where only owners remove',
    [root, folder(0, 0o1777), folder(USER, 0o700)],
    true,
  ],
  ['a folder where anybody may write', [root, folder(USER, 0o777)], false],
  ['a folder where its group may write', [root, folder(USER, 0o770)], false],
  ['a folder where anybody may write, and only owners remove', [root, folder(0, 0o1777)], false],
  ['a folder of somebody else', [root, folder(OTHER, 0o700)], false],
  ['a folder that somebody else may replace', [root, folder(USER, 0o777), folder(USER, 0o700)], false],
  ['a folder in the one of somebody else', [root, folder(OTHER, 0o755), folder(USER, 0o700)], false],
  ['a file', [root, { ...folder(USER, 0o600), isFolder: false }], false],
] as const) {
  test(`${what} is ${expected ? '' : 'not '}trusted with compiled code`, (t) => {
    t.is(isPrivate(folders, USER), expected);
  });
}

test('under sudo the folder of the user whose home it still is is not trusted by root', (t) => {
  t.false(isPrivate([root, folder(USER, 0o755)], 0));
});

test('a unit of systemd names the place, then the user, then the home', (t) => {
  t.deepEqual(compiledPlaces({ CACHE_DIRECTORY: '/var/cache/a:/var/cache/b', HOME: '/home/u' }), [
    { base: '/var/cache/a', below: ['gunicorn-ts'] },
    { base: '/home/u', below: ['.cache', 'gunicorn-ts'] },
  ]);
  t.deepEqual(compiledPlaces({ XDG_CACHE_HOME: '/c', HOME: '/home/u' }), [
    { base: '/c', below: ['gunicorn-ts'] },
  ]);
  t.deepEqual(compiledPlaces({ XDG_CACHE_HOME: 'c', HOME: 'u' }), []);
  t.deepEqual(compiledPlaces({}), []);
});

test('code that was not used for a month goes, and the oldest of what is more than 256 MB', (t) => {
  const day = 24 * 3_600_000;
  const file = (path: string, days: number, megabytes: number) => ({
    path,
    usedMs: (100 - days) * day,
    bytes: megabytes * 1024 * 1024,
  });
  const files = [file('old', 31, 1), file('week', 7, 100), file('today', 0, 100), file('yesterday', 1, 100)];
  t.deepEqual(
    outdated(files, 100 * day).map(({ path }) => path),
    ['week', 'old'],
  );
  t.deepEqual(outdated([file('month', 29, 1)], 100 * day), []);
});

test('only what Node.js has kept is ever removed', (t) => {
  t.true(isKept('/c', '/c/v24.21.0-x64-964aae3f-0/002d556d'));
  t.true(isKept('/c', '/c/v26.0.0-nightly20260401abc-arm64-310b2ce3-1000/002d556d'));
  for (const path of [
    '/c/002d556d',
    '/c/v24.21.0-x64-964aae3f-0/notes.txt',
    '/c/data/002d556d',
    '/c/a/v24.21.0-x64-964aae3f-0/002d556d',
  ]) {
    t.false(isKept('/c', path), path);
  }
});
