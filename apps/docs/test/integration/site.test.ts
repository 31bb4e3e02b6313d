import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { findBrowser, openPage, type Page } from '@gunicorn-ts/test-kit';
import test from 'ava';

const PACKAGE = join(import.meta.dirname, '../..');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const WIDTHS = [390, 1280];
/** A page of prose, one of wide tables, one of code, one of pictures. */
const PAGES = ['/', '/start-node', '/settings', '/from-gunicorn', '/architecture'];

const dist = mkdtempSync(join(tmpdir(), 'gunicorn-site-'));
test.after.always(() => rmSync(dist, { recursive: true, force: true }));

test('the site builds, with no link that leads nowhere, and is read on a phone and on a desktop', async (t) => {
  t.timeout(300_000);
  const build = spawn(process.execPath, ['src/build.ts', '--output', dist], {
    cwd: PACKAGE,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [build.stdout, build.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(build, 'close')) as [number | null];
  t.is(code, 0, output);
  const browser = findBrowser();
  if (browser === undefined) {
    t.log('not looked at: there is no chromium');
    return;
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const file = path.endsWith('/') ? `${path}index.html` : extname(path) === '' ? `${path}.html` : path;
    try {
      const body = readFileSync(join(dist, file));
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream').end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const page = await openPage(t, browser);
  for (const width of WIDTHS) {
    await page.resize(width, 800);
    for (const path of PAGES) await looksRight(page, `http://127.0.0.1:${port}${path}`, width);
  }
  t.pass();
});

/** The page has its heading and its pictures, and does not have to be moved sideways to be read. */
async function looksRight(page: Page, url: string, width: number): Promise<void> {
  await page.open(url);
  await page.until(`location.href === ${JSON.stringify(url)} && document.querySelector('h1') !== null`);
  await page.until(`[...document.images].every((image) => image.complete && image.naturalWidth > 0)`);
  await page.until(`document.documentElement.scrollWidth <= ${width}`);
}
