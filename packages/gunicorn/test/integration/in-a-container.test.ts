import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  COMMAND,
  eventually,
  processesGone,
  request,
  type Server,
  type ServerOptions,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { adminUrl, Metrics } from './admin-probe.ts';

const APP = `
const kept = [];
export default (req, res) => {
  while (req.url === '/grow') kept.push(Buffer.alloc(2 ** 20, 1));
  res.end(String(process.getuid()));
};`;
const WSGI = `
import os
def app(environ, start):
    start("200 OK", [])
    return [str(os.getuid()).encode()]
`;
/** Of nobody: OpenShift gives each project numbers of its own, which are in no file of accounts. */
const UID = '1000650000';

const inNamespaces =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'setpriv', '--version']).status === 0
    ? test.serial
    : test.skip;

/** What a runtime does before it starts the program, but for `memory`: what is mounted at `/dev/shm`. */
function container(memory: string): readonly string[] {
  const script = [
    'set -e',
    memory,
    `awk '{print $2}' /proc/mounts | sort -u | while read -r place; do`,
    '  case "$place" in /proc*|/sys*|/dev*) continue;; esac',
    '  mount -o remount,bind,ro "$place" 2>/dev/null || true',
    'done',
    'if touch /tmp/written 2>/dev/null; then echo "the root is writable"; exit 9; fi',
    'unset HOME USER LOGNAME XDG_RUNTIME_DIR',
    `exec setpriv --reuid ${UID} --regid 0 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"`,
  ].join('\n');
  const unshare = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'container'];
  return [...unshare, process.execPath, COMMAND];
}

async function startIn(t: ExecutionContext, memory: string, options: ServerOptions): Promise<Server> {
  const server = await startServer(t, { ...options, command: container(memory), until: 'spawned' });
  chmodSync(server.folder.path, 0o755);
  await server.started('answering');
  t.is((await request(server.url)).text, UID);
  return server;
}

inNamespaces('a folder for heartbeats that is full: workers have theirs in memory, and count', async (t) => {
  const server = await startIn(t, 'mount -t tmpfs -o size=64k,mode=1777 tmpfs /dev/shm', {
    app: APP,
    args: ['-w', '6', '--worker-tmp-dir', '/dev/shm', '--admin-bind', '127.0.0.1:0'],
  });
  const url = await adminUrl(server);
  await eventually(async () => (await Metrics.of(url)).of('gunicorn_workers{state="idle"}') === 6);
  const before = (await Metrics.of(url)).requests;
  await Promise.all(Array.from({ length: 60 }, () => request(server.url)));
  await eventually(async () => (await Metrics.of(url)).requests === before + 60);
  t.is(server.matching(/\/dev\/shm \(workerTmpDir\): is full \(ENOSPC\)/).length, 1);
  t.is((await server.stop()).code, 0);
});

inNamespaces('no place at all to write to, and nobody’s account, is enough for JavaScript', async (t) => {
  const server = await startIn(t, 'mount -t tmpfs -o ro tmpfs /dev/shm', { app: APP, args: ['-w', '2'] });
  t.deepEqual(server.matching(/warning|error/i), []);
  t.is((await server.stop()).code, 0);
});

inNamespaces('an application in Python wants nothing but 64 KB of memory for its sockets', async (t) => {
  const server = await startIn(t, 'mount -t tmpfs -o size=64k,mode=1777 tmpfs /dev/shm', {
    files: { 'wsgi.py': WSGI },
    args: ['-w', '2', 'wsgi:app'],
  });
  t.deepEqual(server.matching(/\[(?:WARNING|ERROR)\]/), []);
  t.is((await server.stop()).code, 0);
});

/** Control groups, where they are mounted and can be made in a test. */
interface Groups {
  readonly version: 1 | 2;
  readonly cpu: string;
  readonly memory: string;
  readonly quota: readonly [file: string, text: string];
  readonly limit: string;
  isThere(): boolean;
}

const GROUPS: readonly Groups[] = [
  {
    version: 1,
    cpu: '/sys/fs/cgroup/cpu',
    memory: '/sys/fs/cgroup/memory',
    quota: ['cpu.cfs_quota_us', '150000'],
    limit: 'memory.limit_in_bytes',
    isThere: () =>
      existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') &&
      existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes'),
  },
  {
    version: 2,
    cpu: '/sys/fs/cgroup',
    memory: '/sys/fs/cgroup',
    quota: ['cpu.max', '150000 100000'],
    limit: 'memory.max',
    isThere: () => {
      const given = '/sys/fs/cgroup/cgroup.subtree_control';
      return existsSync(given) && /(?=.*\bcpu\b)(?=.*\bmemory\b)/.test(readFileSync(given, 'utf8'));
    },
  },
];

for (const { version, cpu, memory, quota, limit, isThere } of GROUPS) {
  const canBeMade = process.getuid?.() === 0 && isThere();
  // A controller that version 1 has is not version 2's, wherever that is mounted: a kernel has it in one of them.
  const why = canBeMade
    ? ''
    : ' (not here: the kernel gives cpu and memory to the other version, or to nobody)';
  const withGroups = canBeMade ? test.serial : test.skip;
  withGroups(
    `in a group of version ${version} with limits: workers by its cores, a word about its memory, and about its kills${why}`,
    async (t) => {
      const name = `gunicorn-test-${process.pid}`;
      const folders = [...new Set([join(cpu, name), join(memory, name)])];
      for (const folder of folders) mkdirSync(folder);
      let server: Server | undefined;
      t.teardown(async () => {
        await server?.remove();
        for (const folder of folders) rmdirSync(folder);
      });
      writeFileSync(join(cpu, name, quota[0]), quota[1]);
      writeFileSync(join(memory, name, limit), String(400 * 2 ** 20));
      const enter = `for group in ${folders.join(' ')}; do echo $$ > $group/cgroup.procs; done; exec "$@"`;
      server = await startServer(t, {
        app: APP,
        args: ['-w', 'auto', '--max-worker-memory', '800mb'],
        command: ['sh', '-c', enter, 'group', process.execPath, COMMAND],
      });
      t.is(server.workers().length, 1);
      await server.waitFor(
        `maxWorkerMemory is 800 MB, with 1 of them and the arbiter 864 MB, and the control group has 400 MB (${join(memory, name, limit)})`,
      );
      const [worker = 0] = server.workers();
      await t.throwsAsync(request(`${server.url}/grow`));
      await processesGone([worker], 10_000);
      await server.waitFor(/was sent SIGKILL! By the kernel: out of memory/);
    },
  );
}
