/**
 * `pnpm picture`: runs the server on a small application, reloads it, has a request hang in it, and draws what the
 * terminal showed as `docs/drawings/a-run.svg`, the picture of the README. Nothing is made up: folders are shortened, and of
 * the stack the application's own frames are kept.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { drawTerminal, lookOf, type TerminalLine } from './pages/drawings/terminal.ts';
import { ROOT } from './workspace.ts';

const LIMIT_MS = 30_000;
const FRAMES = 2;

const FILES: Readonly<Record<string, string>> = {
  'report.ts': 'export function crunch(): void {\n  for (;;);\n}\n',
  'app.ts': [
    "import type { IncomingMessage, ServerResponse } from 'node:http';",
    "import { crunch } from './report.ts';",
    '',
    'export default function app(request: IncomingMessage, response: ServerResponse): void {',
    "  if (request.url === '/report') crunch();",
    "  response.end('Hello\\n');",
    '}',
    '',
  ].join('\n'),
};

const typed = (text: string): TerminalLine => ({ text, look: 'typed' });
const answers = (text: string): TerminalLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => ({ text: line, look: lookOf(line) }));

/** What the terminal showed of the log since the last look. */
class Log {
  readonly #path: string;
  readonly #shorten: (text: string) => string;
  #seen = 0;

  constructor(path: string, shorten: (text: string) => string) {
    this.#path = path;
    this.#shorten = shorten;
  }

  async until(pattern: RegExp): Promise<TerminalLine[]> {
    const deadline = performance.now() + LIMIT_MS;
    for (;;) {
      const all = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
      if (pattern.test(all.slice(this.#seen))) {
        const news = all.slice(this.#seen);
        this.#seen = all.length;
        return answers(this.#shorten(ownFrames(news)));
      }
      if (performance.now() > deadline) throw new Error(`the log has no ${pattern}:\n${all}`);
      await rest(50);
    }
  }
}

/** Of a stack, the frames of the application: what is below is the server's. */
function ownFrames(log: string): string {
  return log.replaceAll(
    /(?<frames>(?:^ {4}at .*\n)+) {4}… (?<more>\d+) more\n/gm,
    (_, frames: string, more: string) => {
      const lines = frames.trimEnd().split('\n');
      return `${[...lines.slice(0, FRAMES), `    … ${lines.length - FRAMES + Number(more)} more`].join('\n')}\n`;
    },
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function draw(folder: string): Promise<string> {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const port = await freePort();
  const command = join(ROOT, 'node_modules/.bin/gunicorn');
  const flags = ['--workers', '2', '--timeout', '2'];
  const places = ['--bind', `127.0.0.1:${port}`, '--error-logfile', 'log', '--control-socket', 'control'];
  const server = spawn(command, [...flags, ...places, 'app.ts'], { cwd: folder, stdio: 'ignore' });
  const ended = once(server, 'exit');
  const shorten = (text: string): string =>
    text.replaceAll(folder, '~/shop').replaceAll(String(port), '8000').replaceAll(' +0000]', ']');
  const log = new Log(join(folder, 'log'), shorten);
  try {
    const start = await log.until(/(?:Booting worker[^]*){2}/);
    const tell = (verb: string): TerminalLine[] =>
      answers(
        shorten(
          execFileSync(command, [verb, '--control-socket', 'control'], {
            cwd: folder,
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }),
        ),
      );
    const reloaded = tell('reload');
    await log.until(/Reload complete/);
    const answer = fetch(`http://127.0.0.1:${port}/report`).then((response) => response.text());
    const hung = await log.until(/was killed by the arbiter/);
    const lines: TerminalLine[] = [
      typed(`gunicorn ${flags.join(' ')} app.ts`),
      ...start,
      typed('gunicorn reload'),
      ...reloaded,
      typed('curl localhost:8000/report'),
      ...answers(await answer),
      typed('gunicorn logs'),
      ...hung,
      typed('gunicorn status'),
      ...tell('status').filter(({ text }) => !/^ +(?:folder|version) /.test(text)),
    ];
    return drawTerminal('A run: started, reloaded, and a request that hangs found', lines);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-picture-'));
try {
  writeFileSync(join(ROOT, 'docs/drawings/a-run.svg'), await draw(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
