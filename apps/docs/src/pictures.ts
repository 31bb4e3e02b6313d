import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  COMMAND,
  eventually,
  findBrowser,
  openPage,
  type Page,
  request,
  Server,
  startLoad,
} from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { terminalPage } from './terminal-page.ts';

/** `pnpm pictures`: the status page and `gunicorn top` of a real server under load, one worker of which hangs. */
const FOLDER = resolve(import.meta.dirname, '../../../docs/pictures');
const SESSION = `gunicorn-pictures-${process.pid}`;

const APP = `
import { setTimeout as wait } from 'node:timers/promises';

export default async (req, res) => {
  if (req.url === '/report/') for (;;);
  await wait(Math.random() < 0.9 ? 2 + Math.random() * 20 : 60 + Math.random() * 100);
  res.statusCode = Math.random() < 0.01 ? 500 : Math.random() < 0.03 ? 404 : 200;
  res.end('hello');
};`;

const VIEWS = [
  { name: 'status-light', scheme: 'light', width: 1000 },
  { name: 'status-dark', scheme: 'dark', width: 1000 },
  { name: 'status-phone', scheme: 'light', width: 390 },
] as const;
const TERMINALS = [80, 120] as const;
const ROWS = 14;

await main();

async function main(): Promise<void> {
  const browser = findBrowser();
  if (browser === undefined) throw new Error('pictures: there is no chromium; install it');
  const ends: (() => unknown)[] = [];
  // What a test would be asked for.
  const stage = { teardown: (end: () => unknown) => ends.unshift(end) } as unknown as ExecutionContext;
  mkdirSync(FOLDER, { recursive: true });
  try {
    const server = new Server({
      files: { 'shop.ts': APP },
      args: [
        'shop.ts',
        '-w',
        '4',
        '--timeout',
        '120',
        '--graceful-timeout',
        '1',
        '--admin-bind',
        '127.0.0.1:0',
      ],
    });
    ends.unshift(() => server.remove());
    await server.started('answering');
    const [, admin = ''] = await server.waitFor(/Admin listener at: (\S+)/);
    const load = startLoad({ url: server.url, newConnections: 3 });
    ends.unshift(() => load.stop());
    ends.unshift(startTops(server));
    await load.more(500);
    void request(`${server.url}/report/`).catch(() => {});
    const page = await openPage(stage, browser);
    await page.open(`${admin}/status`);
    await page.until(`document.querySelector('.worker.hung') !== null`);
    await load.more(500);
    for (const view of VIEWS) await photograph(page, `${admin}/status`, view);
    for (const width of TERMINALS) await photographTop(page, width);
  } finally {
    for (const end of ends) await end();
  }
}

async function photograph(
  page: Page,
  url: string,
  {
    name,
    scheme,
    width,
  }: { readonly name: string; readonly scheme: 'light' | 'dark'; readonly width: number },
): Promise<void> {
  await page.resize(width, 900);
  await page.prefer(scheme);
  await page.open(url);
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  await page.resize(width, height);
  writeFileSync(join(FOLDER, `${name}.png`), await page.picture());
}

/** Terminals of the widths that are looked at, each with `gunicorn top` in it. Gives what ends them. */
function startTops(server: Server): () => void {
  for (const width of TERMINALS) {
    const top = [process.execPath, COMMAND, 'top', '-p', String(server.pid)];
    tmux(['new-session', '-d', '-s', `${SESSION}-${width}`, '-x', String(width), '-y', String(ROWS), ...top]);
  }
  return () => TERMINALS.forEach((width) => tmux(['kill-session', '-t', `${SESSION}-${width}`]));
}

async function photographTop(page: Page, width: number): Promise<void> {
  const screen = (): string => tmux(['capture-pane', '-e', '-p', '-t', `${SESSION}-${width}`]);
  await eventually(() => /hung/.test(screen()), 'a worker that hangs in top');
  const html = terminalPage(screen().trimEnd());
  await page.open(`data:text/html;base64,${Buffer.from(html).toString('base64')}`);
  const size = (side: 'Width' | 'Height'): Promise<unknown> =>
    page.evaluate(`Math.ceil(document.querySelector('pre').getBoundingClientRect().${side.toLowerCase()})`);
  await page.resize(Number(await size('Width')), Number(await size('Height')));
  writeFileSync(join(FOLDER, `top-${width}.png`), await page.picture());
}

function tmux(args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('tmux', ['-u', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pictures: tmux ${args[0]}: ${error?.message ?? stderr}`);
  return stdout;
}
