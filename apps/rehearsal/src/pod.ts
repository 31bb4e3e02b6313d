import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as rest } from 'node:timers/promises';
import { COMMAND, Output } from '@gunicorn-ts/test-kit';

/** How the server of a pod is started. */
export interface PodTemplate {
  /** Folder of the application. */
  readonly cwd: string;
  readonly args: readonly string[];
  readonly shutdownDelay: number;
  readonly gracefulTimeout: number;
}

const UID = '65532';
/** From TERM to KILL, as the exporter reckons it. */
const MARGIN_S = 5;

/**
 * What a container runtime does before it starts the program: every mount is read-only but /dev/shm and a fresh /tmp; the
 * program is process 1, of an account without rights, and without a way to gain any.
 */
const RUNTIME = `
set -e
awk '{print $2}' /proc/mounts | sort -u | while read -r place; do
  case "$place" in /proc*|/sys*|/dev*) continue;; esac
  mount -o remount,bind,ro "$place" 2>/dev/null || true
done
mount -t tmpfs -o mode=1777 tmpfs /tmp
if touch /rehearsal-writes 2>/dev/null; then echo "the root is writable" >&2; exit 9; fi
exec setpriv --reuid ${UID} --regid ${UID} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
`;

/** A copy of the server, in namespaces with the conditions of a container. */
export class Pod {
  readonly port: number;
  readonly adminPort: number;
  readonly #child: ChildProcess;
  readonly #output = new Output();
  readonly #ended: Promise<unknown>;
  readonly #template: PodTemplate;

  constructor(template: PodTemplate, port: number) {
    this.#template = template;
    this.port = port;
    this.adminPort = port + 1;
    const server = [
      process.execPath,
      COMMAND,
      `--bind=127.0.0.1:${port}`,
      `--admin-bind=127.0.0.1:${this.adminPort}`,
      `--shutdown-delay=${template.shutdownDelay}`,
      `--graceful-timeout=${template.gracefulTimeout}`,
      ...template.args,
    ];
    const namespaces = [
      '--mount',
      '--pid',
      '--fork',
      '--mount-proc',
      '--kill-child',
      '--propagation',
      'private',
    ];
    this.#child = spawn('unshare', [...namespaces, 'sh', '-c', RUNTIME, 'pod', ...server], {
      cwd: template.cwd,
      env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#output.collect(this.#child.stdout!);
    this.#output.collect(this.#child.stderr!);
    this.#ended = once(this.#child, 'exit');
  }

  /** What the server has said. */
  get log(): string {
    return this.#output.text();
  }

  /** As a readiness probe sees it. */
  async whenReady(limitMs: number): Promise<void> {
    const until = performance.now() + limitMs;
    while (!(await isReady(this.adminPort))) {
      if (this.#child.exitCode !== null || performance.now() > until) {
        throw new Error(`the copy on port ${this.port} did not become ready:\n${this.log}`);
      }
      await rest(100);
    }
  }

  /** What `/proc` says of process 1 of the pod. */
  conditions(): PodConditions {
    const status = readFileSync(`/proc/${this.#first()}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    return {
      pid: Number(field('NSpid').split(/\s+/).at(-1)),
      uid: Number(field('Uid').split(/\s+/)[0]),
      capabilities: Number.parseInt(field('CapBnd'), 16) + Number.parseInt(field('CapEff'), 16),
      noNewPrivileges: field('NoNewPrivs') === '1',
    };
  }

  /** TERM, and after the grace KILL. Resolves with whether that was needed. */
  async terminate(): Promise<{ readonly wasKilled: boolean }> {
    const { shutdownDelay, gracefulTimeout } = this.#template;
    const first = this.#first();
    process.kill(first, 'SIGTERM');
    let wasKilled = false;
    const timer = setTimeout(
      () => {
        wasKilled = true;
        process.kill(first, 'SIGKILL');
      },
      (shutdownDelay + gracefulTimeout + MARGIN_S) * 1000,
    );
    await this.#ended;
    clearTimeout(timer);
    return { wasKilled };
  }

  /** For an end that is not part of the play: everything in the pod goes with its first process. */
  async remove(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** The process that is 1 inside, by its number out here. */
  #first(): number {
    const outer = this.#child.pid!;
    return Number(readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim().split(' ')[0]);
  }
}

/** What was asked of the container, as the kernel sees it. */
export interface PodConditions {
  readonly pid: number;
  readonly uid: number;
  /** 0 when there are none, neither in force nor to be had. */
  readonly capabilities: number;
  readonly noNewPrivileges: boolean;
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 1000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
