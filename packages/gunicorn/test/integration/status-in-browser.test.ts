import { findBrowser, openPage, request, startLoad, startServer } from '@gunicorn-ts/test-kit';
import ava from 'ava';
import { adminUrl } from './admin-probe.ts';

const browser = findBrowser();
const test = browser === undefined ? ava.skip : ava;
if (browser === undefined) ava('the status page is not looked at: there is no chromium', (t) => t.pass());

const APP = `export default (req, res) => { if (req.url === '/hang') for (;;); res.end('x'); };`;
const VIEWS = [
  ['light', 1000, 'rgb(246, 247, 249)'],
  ['dark', 1000, 'rgb(20, 23, 28)'],
  ['light', 390, 'rgb(246, 247, 249)'],
] as const;

test('the status page shows a worker that hangs under load: live, light and dark, and on a phone', async (t) => {
  const args = ['--workers', '2', '--timeout', '2', '--graceful-timeout', '1', '--no-autopsy'];
  const server = await startServer(t, { app: APP, args: [...args, '--admin-bind', '127.0.0.1:0'] });
  const url = await adminUrl(server);
  const load = startLoad({ url: server.url, newConnections: 1 });
  await load.more(20);
  const hanging = request(`${server.url}/hang`).catch(() => {});
  const page = await openPage(t, browser!);
  for (const [scheme, width, ground] of VIEWS) {
    await page.resize(width, 900);
    await page.prefer(scheme);
    await page.open(`${url}/status`);
    await page.until('/requests a second/.test(document.body.innerText)');
    t.is(
      await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      ground,
      `${scheme} ${width}`,
    );
    t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `at ${width}`);
  }
  // By itself, without being loaded again: what happened since has come.
  await page.until('/hung, and was killed/.test(document.body.innerText)');
  await hanging;
  t.deepEqual(page.complaints, []);
  await load.stop();
});
