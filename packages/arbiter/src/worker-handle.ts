import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Readable } from 'node:stream';
import {
  type Autopsy,
  type BootMessage,
  type Listener,
  MESSAGE_VERSION,
  parseWorkerMessage,
  type WorkerMessage,
} from '@gunicorn-ts/interface';
import type { Exit } from './event.ts';

/** Where the inherited descriptors stand in the worker; 0 to 2 are the standard ones. */
const IPC_FD = 3;
const HEARTBEAT_FD = IPC_FD + 1;
const LAST_WORDS_FD = HEARTBEAT_FD + 1;
const FIRST_LISTENER_FD = LAST_WORDS_FD + 1;

/** The last messages of a worker can arrive after the news of its death; this bounds the wait for them. */
const LAST_MESSAGES_MS = 250;
/** An autopsy is a few kilobytes; a worker that writes more there is not to be listened to. */
const LONGEST_AUTOPSY = 1_000_000;

/** What the parts of a boot message that do not depend on descriptors are. */
export type BootSpecification = Omit<
  BootMessage,
  'type' | 'version' | 'listeners' | 'heartbeatFd' | 'lastWordsFd'
>;

export interface WorkerHandleOptions {
  readonly entry: string;
  readonly boot: BootSpecification;
  readonly listeners: readonly Listener[];
  readonly heartbeatFd: number;
  /** Where the worker's stdout and stderr go: the arbiter's own, or the error log (`captureOutput`). */
  readonly outputFd: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  onMessage(message: WorkerMessage): void;
  onAutopsy(autopsy: Autopsy): void;
  onExit(exit: Omit<Exit, 'outOfMemory'>): void;
}

/** One worker process, in the arbiter: its pipes, its messages, its end. */
export class WorkerHandle {
  readonly #child: ChildProcess;
  #ended = false;

  constructor(options: WorkerHandleOptions) {
    const output = options.outputFd ?? 'inherit';
    this.#child = spawn(process.execPath, [...process.execArgv, options.entry], {
      env: options.env,
      stdio: [
        'ignore',
        options.outputFd ?? 1,
        output === 'inherit' ? 2 : output,
        'ipc',
        options.heartbeatFd,
        'pipe',
        ...options.listeners.map((listener) => listener.fd),
      ],
    });
    this.#watchEnd(options);
    this.#readMessages(options);
    this.#readLastWords(options);
    this.#send(bootMessage(options));
  }

  /** 0 when the process could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a signal, if the process is still ours to signal: its id may belong to somebody else by now. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  #send(message: BootMessage): void {
    // The worker may be gone before it reads this; its exit tells the story.
    if (this.#child.pid !== undefined) this.#child.send(message, () => {});
  }

  #readMessages({ onMessage }: WorkerHandleOptions): void {
    this.#child.on('message', (value) => {
      const message = parseWorkerMessage(value);
      if (message !== undefined) onMessage(message);
    });
  }

  #readLastWords({ onAutopsy }: WorkerHandleOptions): void {
    // Without descriptors left (EMFILE) Node gives a child that has no `stdio` at all.
    const { stdio } = this.#child as { stdio: ChildProcess['stdio'] | undefined };
    const pipe = stdio?.[LAST_WORDS_FD] as Readable | null | undefined;
    if (pipe === null || pipe === undefined) return;
    pipe.on('error', () => {});
    pipe.setEncoding('utf8');
    let text = '';
    pipe.on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      if (text.length > LONGEST_AUTOPSY) pipe.destroy();
      for (const autopsy of lines.map(parseAutopsy)) if (autopsy !== undefined) onAutopsy(autopsy);
    });
  }

  #watchEnd({ onExit }: WorkerHandleOptions): void {
    const child = this.#child;
    const end = (exit: Omit<Exit, 'outOfMemory'>): void => {
      if (this.#ended) return;
      this.#ended = true;
      if (child.connected) {
        const timer = setTimeout(() => child.disconnect(), LAST_MESSAGES_MS);
        child.once('disconnect', () => {
          clearTimeout(timer);
          onExit(exit);
        });
      } else onExit(exit);
    };
    child.on('exit', (code, signal) => end({ code, signal }));
    child.on('error', (error) => {
      if (child.pid === undefined) end({ code: null, signal: null, spawnError: error.message });
    });
  }
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

function parseAutopsy(line: string): Autopsy | undefined {
  try {
    const value = JSON.parse(line) as Autopsy;
    const complete = value.version === 1 && Array.isArray(value.stack) && Array.isArray(value.inFlight);
    return complete ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the file that `captureOutput` sends the workers' stdout and stderr to. */
export function openOutput(settings: { captureOutput: boolean; errorlog: string }): number | undefined {
  if (!settings.captureOutput || settings.errorlog === '-') return undefined;
  return fs.openSync(settings.errorlog, 'a', 0o644);
}
