import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { theOnlyOne } from '../../src/client/find-server.ts';
import type { Greeted } from '../../src/client/successor.ts';

function serverIn(folder: string, closed: string[] = []): Greeted {
  const greeting = { pid: 7, name: 'app.ts', folder };
  return { greeting, session: { close: () => void closed.push(folder) } } as unknown as Greeted;
}

test('the only server that runs is meant, wherever it is, but not by who ends it from another folder', (t) => {
  const closed: string[] = [];
  const answering = { found: [serverIn('/srv/shop', closed)], closed: [] };
  t.is(theOnlyOne(answering, { cwd: '/root' }).greeting.pid, 7);
  t.is(theOnlyOne(answering, { cwd: '/srv/shop', isEnd: true }).greeting.pid, 7);
  t.deepEqual(closed, []);
  t.throws(() => theOnlyOne(answering, { cwd: '/root', isEnd: true }), {
    code: 'ERR_SERVER_ELSEWHERE',
    message: /app\.ts does, in \/srv\/shop\. .*gunicorn stop -p 7/,
  });
  t.deepEqual(closed, ['/srv/shop']);
});

test('of several one has to be named', (t) => {
  const found = [serverIn('/srv/a'), serverIn('/srv/b')];
  t.throws(() => theOnlyOne({ found, closed: [] }, { cwd: '/srv/a' }), { code: 'ERR_MANY_SERVERS' });
});

test('a folder that is reached by a link is the same one', (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'find-server-')));
  t.teardown(() => rmSync(folder, { recursive: true }));
  symlinkSync(folder, join(folder, 'current'));
  const answering = { found: [serverIn(join(folder, 'current'))], closed: [] };
  t.is(theOnlyOne(answering, { cwd: folder, isEnd: true }).greeting.pid, 7);
});
