import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import type { Pod } from './pod.ts';

/** Places for copies: a roll-out has one more than the Deployment, and those that leave are still there. */
const PLACES = 12;

/**
 * HAProxy, in two roles: `connections` spreads connections as the proxy of a node does, `requests` takes HTTP and keeps
 * connections to the copies as an ingress does. It tries nothing twice: that would hide what is lost.
 */
export class Balancer {
  readonly urls: { readonly connections: string; readonly requests: string };
  readonly #folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  readonly #places: (Pod | undefined)[] = Array.from({ length: PLACES }, () => undefined);
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor(port: number) {
    this.urls = { connections: `http://127.0.0.1:${port}`, requests: `http://127.0.0.1:${port + 1}` };
    const file = join(this.#folder, 'haproxy.cfg');
    writeFileSync(file, configuration(port, this.#socket));
    this.#child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (data) => {
        this.#said += String(data);
      });
    this.#ended = once(this.#child, 'exit');
  }

  get #socket(): string {
    return join(this.#folder, 'admin.sock');
  }

  /** A copy becomes an endpoint. Resolves when health checks have found it as well. */
  async add(pod: Pod): Promise<void> {
    const place = this.#places.indexOf(undefined);
    if (place === -1) throw new Error(`more than ${PLACES} copies at a time`);
    this.#places[place] = pod;
    for (const role of ['connections', 'requests']) {
      const server = `${role}/pod${place + 1}`;
      await this.#tell(`set server ${server} addr 127.0.0.1 port ${pod.port}`);
      await this.#tell(`set server ${server} check-port ${pod.adminPort}`);
      await this.#tell(`set server ${server} state ready`);
      await this.#tell(`set server ${server} health up`);
    }
  }

  /** A copy is no endpoint any more. Connections that it has stay. */
  async remove(pod: Pod): Promise<void> {
    const place = this.#places.indexOf(pod);
    for (const role of ['connections', 'requests'])
      await this.#tell(`set server ${role}/pod${place + 1} state maint`);
  }

  /** The copy has ended, and its place may be another's. */
  release(pod: Pod): void {
    this.#places[this.#places.indexOf(pod)] = undefined;
  }

  async whenUp(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        await this.#tell('show info');
        return;
      } catch {
        await rest(50);
      }
    }
    throw new Error(`haproxy does not answer: ${this.#said}`);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #tell(command: string): Promise<string> {
    const socket = connect(this.#socket);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    await once(socket, 'connect');
    socket.end(`${command}\n`);
    await once(socket, 'close');
    return answer;
  }
}

function configuration(port: number, socket: string): string {
  const check = 'option httpchk GET /readyz\n  http-check expect status 200';
  const servers = `default-server check inter 2s fall 2 rise 1\n  server-template pod 1-${PLACES} 127.0.0.1:1 disabled`;
  return `global
  stats socket ${socket} mode 600 level admin
  maxconn 2000
defaults
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  retries 0
  balance roundrobin
frontend connections-in
  mode tcp
  bind 127.0.0.1:${port}
  default_backend connections
frontend requests-in
  mode http
  bind 127.0.0.1:${port + 1}
  default_backend requests
backend connections
  mode tcp
  ${check}
  ${servers}
backend requests
  mode http
  http-reuse safe
  ${check}
  ${servers}
`;
}
