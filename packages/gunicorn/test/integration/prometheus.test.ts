import { spawnSync } from 'node:child_process';
import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { adminUrl } from './admin-probe.ts';

const { status: installed } = spawnSync('promtool', ['--version']);
const withPromtool = installed === 0 ? test : test.skip;
if (installed !== 0)
  test('promtool is not installed, so that nobody but us has read /metrics', (t) => t.pass());

for (const path of ['/metrics', '/metrics?workers=1']) {
  withPromtool(`promtool finds nothing to say about ${path}`, async (t) => {
    const app = `export default (req, res) => { res.statusCode = req.url === '/no' ? 503 : 200; res.end('x'); };`;
    const server = await startServer(t, { app, args: ['--workers', '2', '--admin-bind', '127.0.0.1:0'] });
    const url = await adminUrl(server);
    await request(`${server.url}/no`);
    await eventually(async () => (await request(`${url}/metrics`)).text.includes('"503"'));
    const { text } = await request(`${url}${path}`);
    const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    t.deepEqual([status, stderr, stdout], [0, '', '']);
  });
}
