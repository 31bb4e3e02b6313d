import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { eventually } from '@gunicorn-ts/conformance';
import { Output } from '@gunicorn-ts/conformance';
import { childrenOf } from '@gunicorn-ts/conformance';

const SCRIPT = join(import.meta.dirname, '../scripts/boot-systemd.sh');
const PROGRAM = '/lib/systemd/systemd';
const PROGRAMS = ['unshare', 'nsenter', 'findmnt', 'systemctl'];
const NAMESPACES = ['--mount', '--uts', '--ipc', '--pid', '--cgroup'];
/** What services refer to without being told to. None of Debian's units is seen: they would change the machine. */
const TARGETS = [
  'basic',
  'sysinit',
  'sockets',
  'timers',
  'paths',
  'slices',
  'local-fs',
  'multi-user',
  'network',
  'network-online',
  'shutdown',
  'umount',
];
/** Where the output of every service goes, as there is no journal. */
const OUTPUT = '/run/services.log';

export interface Outcome {
  readonly code: number | null;
  /** stdout and stderr. */
  readonly text: string;
}

/** systemd as process 1 of namespaces of its own. It sees the network of the machine, and changes nothing else of it. */
export class BootedSystemd {
  readonly #output: Output = new Output();
  readonly #units: string = mkdtempSync(join(tmpdir(), 'systemd-units-'));
  readonly #cgroup: string;
  readonly #child: ChildProcess;
  #pid = 0;

  /** @param visible folders that services can read, although they may lie in `/tmp`: `FROM`, or `FROM:TO` with TO in `/srv` */
  constructor(visible: readonly string[]) {
    for (const name of TARGETS)
      writeFileSync(
        join(this.#units, `${name}.target`),
        `[Unit]\nDescription=${name}\nDefaultDependencies=no\n`,
      );
    this.#cgroup = join(unifiedHierarchy() ?? '', `gunicorn-test-${randomUUID()}`);
    mkdirSync(this.#cgroup);
    const unshare = ['--fork', '--kill-child', '--mount-proc', ...NAMESPACES];
    this.#child = spawn(
      '/bin/sh',
      [
        '-c',
        'echo $$ > "$0/cgroup.procs" && exec unshare "$@"',
        this.#cgroup,
        ...unshare,
        'bash',
        SCRIPT,
        this.#units,
        ...visible.map((folder) => (folder.includes(':') ? folder : `${folder}:${folder}`)),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#output.collect(this.#child.stdout as Readable);
    this.#output.collect(this.#child.stderr as Readable);
  }

  /** Of systemd itself, outside of its namespace. */
  get pid(): number {
    return this.#pid;
  }

  /** What the services have printed. */
  get log(): string {
    const file = this.path(OUTPUT);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Where a file of the namespace is to be found from outside. */
  path(file: string): string {
    return `/proc/${this.#pid}/root${file}`;
  }

  /** Writes units, and has systemd read them. */
  async install(units: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(units))
      writeFileSync(this.path(`/run/systemd/system/${name}`), text);
    await this.must('daemon-reload');
  }

  systemctl(...args: readonly string[]): Promise<Outcome> {
    return this.run('systemctl', '--no-pager', ...args);
  }

  /** Like {@link BootedSystemd.systemctl}; rejects when it fails. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, text } = await this.systemctl(...args);
    if (code !== 0) throw new Error(`systemctl ${args.join(' ')}: ${text}\n${this.log}`);
    return text;
  }

  /** A property of a unit, as `systemctl show` prints it. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.must('show', '--value', '-p', name, unit)).trim();
  }

  /** Waits until a property has a value. */
  async reached(unit: string, name: string, value: RegExp | string, timeoutMs = 30_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = await this.property(unit, name);
      if (typeof value === 'string' ? found === value : value.test(found)) return;
      if (performance.now() > deadline)
        throw new Error(`${name} of ${unit} is '${found}' and not ${String(value)}:\n${this.log}`);
    }
  }

  /** Runs a command inside, without standing still until it is done. */
  async run(...command: readonly string[]): Promise<Outcome> {
    const args = ['--target', String(this.#pid), ...NAMESPACES];
    const child = spawn('nsenter', [...args, 'env', 'SYSTEMD_UNIT_PATH=/run/systemd/system', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text };
  }

  /** The id, outside, of a process that systemd knows by its id inside. */
  outerPid(inner: number): number {
    for (const file of globSync('/proc/[0-9]*/status')) {
      const text = existsSync(file) ? readStatus(file) : '';
      const ids = /^NSpid:\s+(\d+)\s+(\d+)$/m.exec(text);
      if (Number(ids?.[2]) === inner && this.#has(Number(ids?.[1]))) return Number(ids?.[1]);
    }
    return 0;
  }

  async booted(): Promise<void> {
    const unshare = this.#child.pid ?? 0;
    await eventually(() => {
      if (this.#child.exitCode !== null) throw new Error(`systemd did not boot:\n${this.#output.text()}`);
      this.#pid = childrenOf(unshare)[0] ?? 0;
      // The shell that makes the mounts has the process id before systemd has.
      return this.#pid !== 0 && existsSync(this.path('/run/systemd/private'));
    }, 'the boot of systemd');
    while ((await this.systemctl('is-active', 'basic.target')).code !== 0);
    const drop = this.path('/run/systemd/system/service.d');
    mkdirSync(drop);
    writeFileSync(
      join(drop, 'output.conf'),
      `[Service]\nStandardOutput=append:${OUTPUT}\nStandardError=append:${OUTPUT}\n`,
    );
  }

  /** Ends all that runs inside with the namespace's process 1; the mounts go with it. */
  async remove(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    await eventually(() => readFileSync(join(this.#cgroup, 'cgroup.events'), 'utf8').includes('populated 0'));
    for (const folder of globSync('**/', { cwd: this.#cgroup }).toSorted().toReversed())
      rmdirSync(join(this.#cgroup, folder));
    if (existsSync(this.#cgroup)) rmdirSync(this.#cgroup);
    rmSync(this.#units, { recursive: true, force: true });
  }

  #has(pid: number): boolean {
    const own = readStatus(`/proc/${pid}/cgroup`);
    return own.includes(this.#cgroup.slice(this.#cgroup.lastIndexOf('/')));
  }
}

/** Why systemd cannot be booted here, or `undefined`. */
export function bootedSystemdMisses(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this needs root, for namespaces and mounts';
  if (!existsSync(PROGRAM)) return 'systemd is not installed';
  const absent = PROGRAMS.find((program) => spawnSync(program, ['--version']).status !== 0);
  if (absent !== undefined) return `${absent} is not installed`;
  if (unifiedHierarchy() === undefined) return 'there is no cgroup2 hierarchy';
  return spawnSync('unshare', ['--fork', '--pid', '--mount', '--cgroup', 'true']).status === 0
    ? undefined
    : 'namespaces are not permitted here';
}

/** A booted systemd that ends with the test. */
export async function bootSystemd(
  t: ExecutionContext<any>,
  visible: readonly string[],
): Promise<BootedSystemd> {
  const systemd = new BootedSystemd(visible);
  t.teardown(async () => {
    if (!t.passed) t.log(systemd.log);
    await systemd.remove();
  });
  await systemd.booted();
  return systemd;
}

function unifiedHierarchy(): string | undefined {
  const line = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .find((each) => each.split(' ')[2] === 'cgroup2');
  return line?.split(' ')[1];
}

function readStatus(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
