import test from 'ava';
import { temporaryPlaces } from '../../src/index.ts';
import { inFirstPlace } from '../../src/temporary-place.ts';

const foldersOf = (...args: Parameters<typeof temporaryPlaces>): string[] =>
  temporaryPlaces(...args).map(({ folder }) => folder);

const PLACES = [
  { folder: '/a', origin: 'workerTmpDir' },
  { folder: '/b', origin: '$TMPDIR' },
];

function failing(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test('what is small goes to workerTmpDir, the run directory, memory, and the system’s temporary directory', (t) => {
  const env = { RUNTIME_DIRECTORY: '/run/a:/run/b', XDG_RUNTIME_DIR: '/run/user/7' };
  const places = foldersOf('small', '/mine', env);
  t.deepEqual(places.slice(0, 5), ['/mine', '/run/a', '/run/b', '/run/user/7', '/dev/shm']);
  t.deepEqual(places.slice(-2), ['/tmp', '/var/tmp']);
});

test('what is large goes to the disk first, and no place is tried twice', (t) => {
  const places = foldersOf('large', '/tmp', {});
  t.deepEqual(places.slice(-3), ['/tmp', '/var/tmp', '/dev/shm']);
  t.is(new Set(places).size, places.length);
});

test('the first place that works is the last that is tried', (t) => {
  const tried: string[] = [];
  const made = inFirstPlace('a file', PLACES, (folder) => {
    tried.push(folder);
    if (folder === '/a') throw failing('ENOSPC');
    return folder;
  });
  t.is(made, '/b');
  t.deepEqual(tried, ['/a', '/b']);
});

test('the error names each place that was tried, why, and what was wrong with it', (t) => {
  const error = t.throws(() =>
    inFirstPlace('the heartbeat', PLACES, (folder) => {
      throw failing(folder === '/a' ? 'ENOENT' : 'EROFS');
    }),
  );
  t.like(error, { code: 'ERR_NO_TEMPORARY_PLACE', isOperatorError: true, exitCode: 3 });
  t.is(
    error?.message,
    'there is no place for the heartbeat: /a (workerTmpDir): does not exist; /b ($TMPDIR): is read-only (EROFS); make one of them writable, or name another with --worker-tmp-dir',
  );
});

test('that no descriptor is left is no fault of a place', (t) => {
  let tried = 0;
  t.throws(
    () =>
      inFirstPlace('a file', PLACES, () => {
        tried++;
        throw failing('EMFILE');
      }),
    { code: 'EMFILE' },
  );
  t.is(tried, 1);
});
