import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gunicorn-ts/conformance';
import type { ExecutionContext } from 'ava';

const COMPLAINTS = new Set(['Log.entryAdded', 'Runtime.exceptionThrown']);
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The command of a browser, when there is one. */
export function findBrowser(): string | undefined {
  return COMMANDS.find((command) => spawnSync(command, ['--version']).status === 0);
}

interface Answer {
  readonly id?: number;
  /** Of what is no answer: an event. */
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly data?: string };
}

/** A page of a headless Chromium, driven by its remote debugging. */
export class Page {
  /** Exceptions of its scripts, and what the browser found wrong with it. */
  readonly complaints: unknown[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #count = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
      if (COMPLAINTS.has(answer.method ?? '')) this.complaints.push(answer.params);
    });
  }

  /** Goes there, and waits until the page has loaded. */
  async open(url: string): Promise<void> {
    await this.#call('Page.navigate', { url });
    await this.until(`location.href !== 'about:blank' && document.readyState === 'complete'`);
  }

  /** Looks at it through a window of that size, in CSS pixels; a narrow one counts as a phone. */
  async resize(width: number, height: number): Promise<void> {
    const size = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#call('Emulation.setDeviceMetricsOverride', size);
  }

  /** As a reader whose system is dark, or light. */
  async prefer(scheme: 'dark' | 'light'): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#call('Emulation.setEmulatedMedia', { features });
  }

  /** What the window shows, as a PNG. */
  async picture(): Promise<Buffer> {
    const answer = await this.#call('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(answer.result?.data ?? '', 'base64');
  }

  /** Collects {@link complaints} from now on. */
  async watch(): Promise<void> {
    for (const domain of ['Runtime', 'Log']) await this.#call(`${domain}.enable`, {});
  }

  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call('Runtime.evaluate', { expression, returnByValue: true });
    return answer.result?.result?.value;
  }

  async until(expression: string): Promise<void> {
    await eventually(async () => (await this.evaluate(expression)) === true, expression, 30_000);
  }

  #call(method: string, params: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.#count += 1;
    const id = this.#count;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

/** Starts the browser; it goes with the test. */
export async function openPage(t: ExecutionContext, command: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'gunicorn-browser-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const where = [`--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const child = spawn(command, [...flags, ...where], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  t.teardown(async () => {
    // Its processes are a group of their own.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually(() => output.includes('DevTools listening on'), 'the remote debugging', 60_000);
  const [, port = ''] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
  const list = await fetch(`http://127.0.0.1:${port}/json/list`);
  const pages = (await list.json()) as readonly { type: string; webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(pages.find(({ type }) => type === 'page')!.webSocketDebuggerUrl);
  await once(socket, 'open');
  t.teardown(() => socket.close());
  const page = new Page(socket);
  await page.watch();
  return page;
}
