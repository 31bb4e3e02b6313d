import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import {
  type ArbiterMessage,
  type Autopsy,
  type BootMessage,
  type Listener,
  type ListenerMessage,
  MESSAGE_VERSION,
  type WorkerMessage,
} from '@gunicorn-ts/interface';
import { openLogFile } from '@gunicorn-ts/logging';
import { setBlocking } from '@gunicorn-ts/posix';
import type { Exit } from './event.ts';
import { parseAutopsy } from './last-words.ts';
import { MessageChannel } from './message-channel.ts';
import { WorkerLines } from './worker-lines.ts';

/** Where the inherited descriptors stand in the worker; 0 to 2 are the standard ones. */
const CHANNEL_FD = 3;
const HEARTBEAT_FD = CHANNEL_FD + 1;
const LAST_WORDS_FD = HEARTBEAT_FD + 1;
const FIRST_LISTENER_FD = LAST_WORDS_FD + 1;

/** The last messages of a worker can arrive after the news of its death; this bounds the wait for them. */
const LAST_MESSAGES_MS = 250;

/** What the parts of a boot message that do not depend on descriptors are. */
export type BootSpecification = Omit<
  BootMessage,
  'type' | 'version' | 'listeners' | 'heartbeatFd' | 'lastWordsFd'
>;

export interface WorkerHandleOptions {
  readonly entry: string;
  /** See `ArbiterOptions`. */
  readonly compiledFolder: string | undefined;
  /** Flags of Node.js before those of this process. */
  readonly nodeFlags: readonly string[];
  readonly boot: BootSpecification;
  readonly listeners: readonly Listener[];
  readonly heartbeatFd: number;
  /** Where the worker's stdout and stderr go: the arbiter's own, or the error log (`captureOutput`). */
  readonly outputFd: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The folder that the worker starts in. */
  readonly cwd: string;
  onMessage(message: WorkerMessage): void;
  /** Also one that was asked for. */
  onAutopsy(autopsy: Autopsy): void;
  /** It is no longer listened to, for this reason, and should be ended. */
  onUnbearable(reason: string): void;
  onExit(exit: Omit<Exit, 'outOfMemory'>): void;
}

/** One worker process, in the arbiter: its pipes, its messages, its end. */
export class WorkerHandle {
  readonly #child: ChildProcess;
  readonly #channel: MessageChannel | undefined;
  #ended = false;

  constructor(options: WorkerHandleOptions) {
    const output = options.outputFd ?? 'inherit';
    this.#child = spawn(process.execPath, wordsOf(options), {
      env: { ...options.env, ...MessageChannel.environment(CHANNEL_FD) },
      cwd: options.cwd,
      stdio: [
        'ignore',
        options.outputFd ?? 1,
        output === 'inherit' ? 2 : output,
        'pipe',
        options.heartbeatFd,
        'pipe',
        ...options.listeners.map((listener) => listener.fd),
      ],
    });
    this.#channel = this.#openChannel(options);
    this.#watchEnd(options);
    this.#readLastWords(options);
    this.#channel?.send(bootMessage(options));
  }

  /** 0 when the process could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a signal, if the process is still ours to signal: its id may belong to somebody else by now. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  #openChannel({ onMessage, onUnbearable }: WorkerHandleOptions): MessageChannel | undefined {
    const socket = this.#pipe(CHANNEL_FD);
    if (socket === undefined) return undefined;
    const onEndless = (mebibytes: number): void => onUnbearable(endless('its message channel', mebibytes));
    return new MessageChannel(socket, { onMessage, onEndless });
  }

  /** Sends the answer, and the socket that it is about. */
  answerListen(answer: Omit<ListenerMessage, 'type' | 'version'>, fd?: number): void {
    this.#channel?.send({ ...answer, type: 'listener', version: MESSAGE_VERSION }, fd);
  }

  send(message: ArbiterMessage): void {
    this.#channel?.send(message);
  }

  /** Its watchdog thread answers with an autopsy of this number. */
  askStacks(asked: number): void {
    this.#tellWatchdog({ asked });
  }

  /** Its watchdog thread writes what is lost with it. */
  tellEnd(): void {
    this.#tellWatchdog({ dying: true });
  }

  #tellWatchdog(said: { readonly asked: number } | { readonly dying: true }): void {
    // A pipe of Node's is a pair of sockets: this end can be written to as well.
    this.#pipe(LAST_WORDS_FD)?.write(`${JSON.stringify(said)}\n`);
  }

  #readLastWords({ onAutopsy, onUnbearable }: WorkerHandleOptions): void {
    const pipe = this.#pipe(LAST_WORDS_FD);
    if (pipe === undefined) return;
    WorkerLines.read(pipe, {
      onLine: (line) => {
        const autopsy = parseAutopsy(line);
        if (autopsy !== undefined) onAutopsy(autopsy);
      },
      onEndless: (mebibytes) => onUnbearable(endless('the pipe for its autopsy', mebibytes)),
    });
  }

  #pipe(fd: number): Duplex | undefined {
    // Without descriptors left (EMFILE) Node gives a child that has no `stdio` at all.
    const { stdio } = this.#child as { stdio: ChildProcess['stdio'] | undefined };
    return (stdio?.[fd] as Duplex | null | undefined) ?? undefined;
  }

  #watchEnd({ onExit }: WorkerHandleOptions): void {
    const child = this.#child;
    const end = (exit: Omit<Exit, 'outOfMemory'>): void => {
      if (this.#ended) return;
      this.#ended = true;
      if (this.#channel === undefined) onExit(exit);
      else this.#channel.finish(LAST_MESSAGES_MS, () => onExit(exit));
    };
    child.on('exit', (code, signal) => end({ code, signal }));
    child.on('error', (error) => {
      if (child.pid === undefined) end({ code: null, signal: null, spawnError: error.message });
    });
  }
}

/** Its settings come by the channel; what it is given here it needs before it loads anything. */
function wordsOf({ nodeFlags, entry, compiledFolder }: WorkerHandleOptions): readonly string[] {
  return [
    ...nodeFlags,
    ...process.execArgv,
    entry,
    ...(compiledFolder === undefined ? [] : [compiledFolder]),
  ];
}

function bootMessage({ boot, listeners }: WorkerHandleOptions): BootMessage {
  return {
    ...boot,
    type: 'boot',
    version: MESSAGE_VERSION,
    heartbeatFd: HEARTBEAT_FD,
    lastWordsFd: LAST_WORDS_FD,
    listeners: listeners.map(({ address, url }, index) => ({ fd: FIRST_LISTENER_FD + index, address, url })),
  };
}

function endless(what: string, mebibytes: number): string {
  return `it wrote ${mebibytes} MB to ${what} without a line end`;
}

/** Opens the file that `captureOutput` sends the workers' stdout and stderr to. */
export function openOutput(settings: { captureOutput: boolean; errorlog: string }): number | undefined {
  if (!settings.captureOutput || settings.errorlog === '-') return undefined;
  const { fd } = openLogFile('errorlog', settings.errorlog);
  // Workers print as programs do, and wait for a reader of a FIFO.
  setBlocking(fd);
  return fd;
}
