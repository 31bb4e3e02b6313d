import { appendFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { FileWatch } from '../../src/file-watch.ts';

for (const reloadEngine of ['inotify', 'poll'] as const) {
  test(`a change is noticed in a folder that never comes to rest, with the engine ${reloadEngine}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'gunicorn-ts-watch-'));
    const file = join(folder, 'app.js');
    const log = join(folder, 'access.log');
    writeFileSync(file, 'old');
    const changed = Promise.withResolvers<readonly string[]>();
    const watch = new FileWatch(changed.resolve);
    const writing = setInterval(() => appendFileSync(log, 'GET /\n'), 5);
    t.teardown(() => {
      clearInterval(writing);
      watch.close();
      rmSync(folder, { recursive: true });
    });
    watch.configure({ reloadEngine, reloadExtraFiles: [] });
    watch.add([file]);
    writeFileSync(file, 'newer');
    const late = setTimeout(() => changed.reject(new Error('not noticed in 10 s')), 10_000);
    t.deepEqual(await changed.promise, [file]);
    clearTimeout(late);
  });
}

test('a file that changed while it was loaded is noticed, though it is looked at later for the first time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-ts-watch-'));
  const [before, after] = ['before.js', 'after.js'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(before, 'old');
  writeFileSync(after, 'new');
  // As tools do that copy files with their times.
  utimesSync(after, 1, 1);
  const changed = Promise.withResolvers<readonly string[]>();
  const watch = new FileWatch(changed.resolve);
  t.teardown(() => {
    watch.close();
    rmSync(folder, { recursive: true });
  });
  watch.configure({ reloadEngine: 'inotify', reloadExtraFiles: [] });
  watch.add([before], statSync(before).ctimeMs);
  watch.add([after], statSync(after).ctimeMs - 1);
  t.deepEqual(await changed.promise, [after]);
});
