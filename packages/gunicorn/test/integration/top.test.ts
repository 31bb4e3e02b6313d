import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';
import { COMMAND, eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APP } from './apps.ts';
import { here } from './typed.ts';

const run = promisify(execFile);
const NODE = process.env['GUNICORN_TEST_NODE'] ?? process.execPath;
const withTmux = spawnSync('tmux', ['-V']).status === 0 ? test : test.skip;
const KEYS = /\[q\]uit/;

/** A terminal of a size, in which the command runs. */
class Screen {
  readonly #name = `gunicorn-${randomUUID()}`;

  constructor(t: ExecutionContext, server: Server, [width, height]: readonly [number, number]) {
    const command = `LC_ALL=C.UTF-8 ${NODE} ${COMMAND} top -p ${server.pid}; echo ended with $?; sleep 60`;
    this.#tmux('new-session', '-d', '-x', String(width), '-y', String(height), command);
    t.teardown(() => this.#tmux('kill-server'));
  }

  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize(width: number, height: number): void {
    this.#tmux('resize-window', '-x', String(width), '-y', String(height));
  }

  lines(): readonly string[] {
    return this.#tmux('capture-pane', '-p').trimEnd().split('\n');
  }

  async shows(pattern: RegExp): Promise<void> {
    await eventually(() => pattern.test(this.lines().join('\n')), `${pattern} on the screen`, 20_000).catch(
      (error) => {
        throw new Error(`${String(error)}:\n${this.lines().join('\n')}`);
      },
    );
  }

  #tmux(...words: readonly string[]): string {
    return spawnSync('tmux', ['-L', this.#name, '-f', '/dev/null', ...words], { encoding: 'utf8' }).stdout;
  }
}

for (const size of [
  [80, 24],
  [120, 40],
] as const) {
  withTmux(
    `top at ${size[0]} columns shows each worker, the request it has, and the one that stands still`,
    async (t) => {
      const server = await startServer(t, { app: APP, args: ['--workers', '2'] });
      request(`${server.url}/spin`).catch(() => {});
      const screen = new Screen(t, server, size);
      await screen.shows(/hung .* \d+[.\d]*s GET \/sp/);
      await screen.shows(KEYS);
      const lines = screen.lines();
      t.true(lines.length <= size[1]);
      for (const pid of server.workers())
        t.true(
          lines.some((line) => line.includes(` ${pid} `)),
          String(pid),
        );
      t.regex(
        lines.join('\n'),
        size[0] === 80
          ? /^SLOT +PID ST +UP +REQS +R\/S BUSY% +CPU% +PSS +USS NOW/m
          : /PY PID.* RSS .*USS NOW/,
      );
      screen.press('k');
      await screen.shows(/worker \d \(pid \d+\), silent for[\s\S]*stands in:\n +at app \(/);
      screen.press('q');
      await screen.shows(/ended with 0/);
    },
  );
}

withTmux('top asks before it changes something, and says what became of it', async (t) => {
  const server = await startServer(t, { app: APP });
  const screen = new Screen(t, server, [100, 30]);
  await screen.shows(KEYS);
  screen.press('+');
  await screen.shows(/One worker more\? \[y\/n\]/);
  screen.press('n');
  await screen.shows(KEYS);
  screen.press('+');
  await screen.shows(/One worker more/);
  screen.press('y');
  await screen.shows(/scale: done/);
  t.is(server.workers().length, 2);
});

withTmux('top follows the size of the terminal, and gives it back as it was', async (t) => {
  const server = await startServer(t, { app: APP });
  const screen = new Screen(t, server, [120, 30]);
  await screen.shows(/PY PID/);
  screen.resize(80, 24);
  await screen.shows(/SLOT +PID ST/);
  screen.press('C-c');
  await screen.shows(/ended with 0/);
  t.notRegex(screen.lines().join('\n'), /SLOT/);
});

withTmux('top goes on with the server that takes over, and ends with it', async (t) => {
  const server = await startServer(t, { app: APP });
  const screen = new Screen(t, server, [100, 30]);
  await screen.shows(KEYS);
  t.is((await here(server, 'upgrade', '-p', String(server.pid))).code, 0);
  await screen.shows(/process (\d+) has taken over/);
  const [, pid = ''] = /process (\d+) has taken over/.exec(screen.lines().join('\n')) ?? [];
  t.is((await here(server, 'stop', '-p', pid)).code, 0);
  await screen.shows(/ended with [1-9]/);
});

test('top is one snapshot where there is no terminal', async (t) => {
  const server = await startServer(t, { app: APP });
  const { stdout } = await run(NODE, [COMMAND, 'top', '-p', String(server.pid)]);
  const [pid] = server.workers();
  t.regex(stdout, new RegExp(`SLOT +PID ST[\\s\\S]*\\n +1 +${pid} `));
  t.false(stdout.includes('\u001b'));
  const json = JSON.parse((await run(NODE, [COMMAND, 'top', '--json', '-p', String(server.pid)])).stdout) as {
    rows: { memory: { uss: number; pss: number; rss: number } }[];
  };
  const { uss = 0, pss = 0, rss = 0 } = json.rows[0]?.memory ?? {};
  t.true(0 < uss && uss <= pss && pss <= rss, `${uss} ${pss} ${rss}`);
});

test('metrics are printed as Prometheus reads them', async (t) => {
  const server = await startServer(t, { app: APP });
  await request(server.url);
  await eventually(async () => {
    const { stdout } = await run(NODE, [COMMAND, 'metrics', '-p', String(server.pid)]);
    return /^http_server_request_duration_seconds_count\{.*\} [1-9]/m.test(stdout);
  }, 'a request that is counted');
  t.pass();
});
