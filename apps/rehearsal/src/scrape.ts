import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { request, Server } from '@gunicorn-ts/test-kit';

/**
 * `pnpm rehearsal:scrape`: what a scrape of eight workers under load costs the arbiter in processor time, over what it
 * takes anyway. Ends with 1 when one costs more than the limit.
 */
const LIMIT_MS = 5;
const WORKERS = 8;
const CLIENTS = 4;
const SCRAPES = 100;
const EVERY_MS = 50;

const NODE = { 'app.ts': "export default (req, res) => res.end('hello');" };
const PYTHON = {
  'app.py':
    "def application(environ, start_response):\n    start_response('200 OK', [('Content-Length', '5')])\n    return [b'hello']\n",
};
const SERVERS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
])[] = [
  ['event', NODE, ['-k', 'event', 'app.ts']],
  ['sync', NODE, ['app.ts']],
  ['sync, Python', PYTHON, ['app:application']],
];

await main();

async function main(): Promise<void> {
  let isOver = false;
  for (const [name, files, args] of SERVERS) {
    const server = new Server({
      files,
      args: ['-w', String(WORKERS), '--admin-bind', '127.0.0.1:0', '--log-level', 'debug', ...args],
    });
    try {
      await server.started('answering');
      await server.waitFor('is ready', { times: WORKERS });
      const ms = await costOf(server);
      isOver ||= ms > LIMIT_MS;
      process.stdout.write(
        `${name.padEnd(13)} ${ms.toFixed(2)} ms of the arbiter's processor time a scrape\n`,
      );
    } finally {
      await server.remove();
    }
  }
  process.exitCode = isOver ? 1 : 0;
}

async function costOf(server: Server): Promise<number> {
  const [, admin = ''] = await server.waitFor(/Admin listener at: (http:\S+)/);
  const end = new AbortController();
  const clients = Array.from({ length: CLIENTS }, () => loading(server.url, end.signal));
  try {
    // Compiled code and the first looks at each process are not what a scrape costs.
    for (let count = 0; count < SCRAPES; count++) await request(`${admin}/metrics`);
    const alone = await spent(server.pid, () => rest(SCRAPES * EVERY_MS));
    const scraped = await spent(server.pid, async () => {
      for (let count = 0; count < SCRAPES; count++) {
        await request(`${admin}/metrics`);
        await rest(EVERY_MS);
      }
    });
    return (scraped.cpuMs - alone.cpuMs * (scraped.ms / alone.ms)) / SCRAPES;
  } finally {
    end.abort();
    await Promise.all(clients);
  }
}

async function loading(url: string, until: AbortSignal): Promise<void> {
  while (!until.aborted) await request(url);
}

interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

async function spent(pid: number, work: () => Promise<unknown>): Promise<Spent> {
  const [began, before] = [performance.now(), cpuMs(pid)];
  await work();
  return { ms: performance.now() - began, cpuMs: cpuMs(pid) - before };
}

/** Of all threads, to the nanosecond; those that ended meanwhile are missing. */
function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, one) => sum + one / 1e6, 0);
}
