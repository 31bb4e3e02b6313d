import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { Output, type WaitOptions } from '@gunicorn-ts/conformance';

/** Node.js has no unix datagram sockets. Prints `PID line|line` for each message, as the kernel vouches for the sender. */
const RECEIVER = `
import socket, struct, sys
name = sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind('\\0' + name[1:] if name.startswith('@') else name)
print('bound', flush=True)
while True:
    data, ancillary, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(12))
    pid = struct.unpack('3i', ancillary[0][2][:12])[0]
    print(pid, data.decode().replace('\\n', '|'), flush=True)
`;

/** Plays the part of systemd: everything that is reported to `NOTIFY_SOCKET`. */
export class NotifySocket {
  /** For the environment of the server. */
  readonly name: string;
  readonly #output: Output = new Output();
  readonly #child: ChildProcess;

  constructor(name: string) {
    this.name = name;
    this.#child = spawn('python3', ['-c', RECEIVER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#output.collect(this.#child.stdout as Readable);
  }

  /** `PID line|line`, in the order of arrival. */
  get messages(): readonly string[] {
    return this.#output.lines.slice(1);
  }

  waitFor(pattern: RegExp | string, options?: WaitOptions): Promise<RegExpExecArray> {
    return this.#output.waitFor(pattern, options);
  }

  /** What to wait from: the next message. */
  get next(): number {
    return this.#output.lines.length;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
    if (!this.name.startsWith('@')) rmSync(this.name, { force: true });
  }
}

/** Why no notify socket can be had, or `undefined`. */
export function notifySocketMisses(): string | undefined {
  return spawnSync('python3', ['-V']).status === 0 ? undefined : 'there is no python3 to receive datagrams';
}

/** A notify socket that closes with the test. */
export async function openNotifySocket(t: ExecutionContext<any>, name: string): Promise<NotifySocket> {
  const socket = new NotifySocket(name);
  t.teardown(async () => {
    await socket.close();
    if (!t.passed) t.log(socket.messages.join('\n'));
  });
  await socket.waitFor('bound');
  return socket;
}
