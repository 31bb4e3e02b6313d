import { readFileSync } from 'node:fs';
import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APPLICATION } from './application.ts';
import { exportIn, installed, run } from './export-command.ts';

const version = installed('logrotate', '--version');
const withLogrotate = version === undefined ? test.skip : test;
if (version === undefined) console.log('logrotate is not installed: what it makes of its file is not tested');

withLogrotate('logrotate renames the logs, and the server goes on in new ones', async (t) => {
  const flags = ['-k', 'event', '--access-logfile', 'access.log', '--pid', 'pid'];
  const server = await startServer(t, { app: APPLICATION, args: flags });
  const { folder } = server;
  const read = (name: string): string => (folder.has(name) ? readFileSync(folder.file(name), 'utf8') : '');
  await request(`${server.url}/before`);
  await eventually(() => read('access.log').includes('/before'), 'the first record');
  const exported = await exportIn(folder, ['logrotate', ...flags, 'app.ts']);
  t.is(exported.code, 0, exported.stderr);
  folder.write('rotation', exported.stdout);
  const rotated = await run('logrotate', [
    '--force',
    '--state',
    folder.file('state'),
    folder.file('rotation'),
  ]);
  t.is(rotated.code, 0, rotated.stderr);
  t.true(read('access.log.1').includes('/before'));
  await eventually(async () => {
    await request(`${server.url}/after`);
    return read('access.log').includes('/after');
  }, 'a record in the new file');
  t.false(read('access.log').includes('/before'));
});
