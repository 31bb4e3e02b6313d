import type { ArbiterView, ControlRequest, WorkerView } from '@gunicorn-ts/interface';
import { CommandError } from './command-error.ts';
import type { Chronicle } from './chronicle.ts';
import { arbiterOf } from './show.ts';

/** Asks the arbiter, on behalf of the client. Throws a `CommandError` when it is refused. */
export type Ask = (request: ControlRequest) => void;

const SHOW = 'all|workers|dirty|config|stats|listeners';

/** What Gunicorn's client shows for `help`. */
const HELP: Readonly<Record<string, string>> = {
  'show all': 'Show the arbiter and its workers',
  'show workers': 'List workers with their status',
  'show dirty': 'There are no dirty workers here',
  'show config': 'Show the settings in force',
  'show stats': 'Show statistics of the server',
  'show listeners': 'Show where the server listens',
  'worker add [N]': 'Start N workers more (default 1)',
  'worker remove [N]': 'Let N workers leave (default 1)',
  'worker kill <PID>': 'Let a worker leave when another one has taken its place',
  reload: 'Load settings and application anew (HUP)',
  reopen: 'Open the log files anew (USR1)',
  'shutdown [graceful|quick]': 'Stop the server (TERM/INT)',
  help: 'Show this help message',
};

/** Settings that Gunicorn's `show config` shows, by its names. */
const SHOWN_SETTINGS = {
  bind: 'bind',
  workers: 'workers',
  worker_class: 'workerClass',
  timeout: 'timeout',
  graceful_timeout: 'gracefulTimeout',
  keepalive: 'keepalive',
  max_requests: 'maxRequests',
  max_requests_jitter: 'maxRequestsJitter',
  worker_connections: 'workerConnections',
  preload_app: 'preloadApp',
  daemon: 'daemon',
  pidfile: 'pidfile',
  proc_name: 'procName',
  reload: 'reload',
  control_socket: 'controlSocket',
  control_socket_disable: 'controlSocketDisable',
} as const;

/**
 * The commands of Gunicorn 27's control socket, answered as its client expects: at once, without their outcome.
 * @returns `undefined` for a command that is none of them
 */
export function gunicornCommand(
  words: readonly string[],
  chronicle: Chronicle,
  ask: Ask,
): Readonly<Record<string, unknown>> | undefined {
  const [command = '', ...rest] = words.map((word) => word.toLowerCase());
  switch (command) {
    case 'show':
      return show(rest[0], chronicle);
    case 'worker':
      return worker(rest, chronicle, ask);
    case 'dirty':
      return { success: false, error: 'There are no dirty workers here' };
    case 'reload':
      ask({ ask: 'reload' });
      return { status: 'reloading' };
    case 'reopen':
      ask({ ask: 'reopen-logs' });
      return { status: 'reopening' };
    case 'shutdown': {
      const mode = rest[0] === 'quick' ? 'quick' : 'graceful';
      ask({ ask: 'stop', graceful: mode === 'graceful' });
      return { status: 'shutting_down', mode };
    }
    case 'help':
      return { commands: HELP };
    default:
      return undefined;
  }
}

/** Whether it changes something. */
export function isGunicornChange([command = '']: readonly string[]): boolean {
  return ['worker', 'dirty', 'reload', 'reopen', 'shutdown'].includes(command.toLowerCase());
}

function show(what: string | undefined, chronicle: Chronicle): Record<string, unknown> {
  const arbiter = arbiterOf(chronicle);
  switch (what) {
    case 'all':
      return showAll(arbiter);
    case 'workers': {
      const workers = oldestFirst(arbiter).map((one) => ({ ...shown(one), aborted: one.hung }));
      return { workers, count: workers.length };
    }
    case 'dirty':
      return { enabled: false, pid: null, workers: [], apps: [] };
    case 'config':
      return showConfig(arbiter);
    case 'stats':
      return showStats(arbiter, chronicle);
    case 'listeners': {
      const listeners = arbiter.listeners.map(({ url, fd, address }) => ({
        address: url,
        fd,
        type: address.kind === 'unix' ? 'unix' : address.host.includes(':') ? 'tcp6' : 'tcp',
      }));
      return { listeners, count: listeners.length };
    }
    default:
      throw new CommandError(
        what === undefined ? `Missing show target (${SHOW})` : `Unknown show target: ${what}`,
      );
  }
}

function showAll(arbiter: ArbiterView): Record<string, unknown> {
  const workers = oldestFirst(arbiter).map((one) => ({ ...shown(one), type: 'web' }));
  return {
    arbiter: { pid: arbiter.pid, type: 'arbiter', role: 'master' },
    web_workers: workers,
    web_worker_count: workers.length,
    dirty_arbiter: null,
    dirty_workers: [],
    dirty_worker_count: 0,
  };
}

function showConfig({ settings }: ArbiterView): Record<string, unknown> {
  // Gunicorn's default is the application.
  const values = { ...settings, procName: settings.procName ?? settings.app } as unknown as Readonly<
    Record<string, unknown>
  >;
  return Object.fromEntries(Object.entries(SHOWN_SETTINGS).map(([name, key]) => [name, values[key] ?? null]));
}

function showStats(arbiter: ArbiterView, chronicle: Chronicle): Record<string, unknown> {
  const current = arbiter.workers().length;
  return {
    uptime: rounded(chronicle.upSeconds),
    pid: arbiter.pid,
    workers_current: current,
    workers_target: arbiter.target,
    workers_spawned: chronicle.spawned,
    workers_killed: Math.max(0, chronicle.spawned - current),
    reloads: chronicle.reloads,
    dirty_arbiter_pid: null,
  };
}

function oldestFirst(arbiter: ArbiterView): readonly WorkerView[] {
  return arbiter.workers().toSorted((one, other) => one.age - other.age);
}

function shown({ pid, age, phase, lastBeat }: WorkerView): Record<string, unknown> {
  const silent = rounded(Math.max(0, performance.now() - lastBeat) / 1000);
  return { pid, age, booted: phase !== 'booting', last_heartbeat: silent };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

function worker([action, word]: readonly string[], chronicle: Chronicle, ask: Ask): Record<string, unknown> {
  const arbiter = arbiterOf(chronicle);
  const { target: previous } = arbiter;
  switch (action) {
    case 'add': {
      const added = count(word);
      ask({ ask: 'scale', workers: previous + added });
      return { added, previous, total: previous + added };
    }
    case 'remove': {
      const total = Math.max(1, previous - count(word));
      ask({ ask: 'scale', workers: total });
      return { removed: previous - total, previous, total };
    }
    case 'kill': {
      if (word === undefined) throw new CommandError('Missing PID for worker kill');
      const pid = count(word);
      const found = arbiter.workers().find((one) => one.pid === pid);
      if (found === undefined) return { success: false, error: `Worker ${pid} not found` };
      ask({ ask: 'replace-worker', age: found.age });
      return { success: true, killed: pid };
    }
    default:
      throw new CommandError(
        action === undefined ? 'Missing worker action (add|remove|kill)' : `Unknown worker action: ${action}`,
      );
  }
}

/** Gunicorn takes anything less than 1 for 1. */
function count(word = '1'): number {
  if (!/^-?\d{1,9}$/.test(word)) throw new CommandError(`Invalid argument: '${word}' is no number`);
  return Math.max(1, Number(word));
}
