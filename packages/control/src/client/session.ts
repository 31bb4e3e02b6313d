import { connect, type Socket } from 'node:net';
import { connectionLost, noControlSocket, noOutcome, noRight, noServer, refused } from '../errors.ts';
import type { Answer } from '../protocol/answer.ts';
import { encodeFrame, FrameReader } from '../protocol/frame.ts';
import type { Request } from '../protocol/request.ts';

const MOST_ANSWER_BYTES = 16 * 1024 * 1024;
/** For what is answered at once. */
const ANSWER_MS = 10_000;

type Options = Request['options'];

/** Waits for the answers to one request. */
interface Waiting {
  onAnswer(answer: Answer): void;
  onEnd(): void;
}

/** A connection to a server, in the command that the operator typed. */
export class Session {
  readonly path: string;
  readonly #socket: Socket;
  readonly #frames: FrameReader = new FrameReader(MOST_ANSWER_BYTES);
  readonly #waiting: Map<number | string, Waiting> = new Map();
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers();
  #lastId = 0;

  private constructor(path: string, socket: Socket) {
    this.path = path;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const { onEnd } of this.#waiting.values()) onEnd();
      this.#ended.resolve();
    });
  }

  /** @throws OperatorError that says why nobody is there, or does not let us in */
  static async open(path: string): Promise<Session> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => reject(whyNotConnected(path, error)));
    });
    return new Session(path, socket);
  }

  /** Resolves when the server has closed the connection: with its process at the latest. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** A command that is answered at once. */
  async ask<T>(command: string, options: Options = {}, patienceMs: number = ANSWER_MS): Promise<T> {
    const text = { command, args: options };
    return (await this.#send(command, text, { seconds: patienceMs / 1000 })) as T;
  }

  /** A command whose outcome is waited for; `seconds` 0 is as long as it takes. */
  async undertake(
    command: string,
    options: Options,
    how: { readonly seconds: number; onProgress(text: string): void },
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.#send(command, { command, args: options, stream: true }, how);
    return answer as Readonly<Record<string, unknown>>;
  }

  /** A command that goes on telling until it ends, or the connection does. Rejects when it is refused, or lost. */
  async follow(command: string, options: Options, onData: (data: unknown) => void): Promise<void> {
    await this.#send(command, { command, args: options, stream: true }, { seconds: 0, onData });
  }

  #send(
    command: string,
    request: object,
    how: {
      readonly seconds: number;
      readonly onProgress?: (text: string) => void;
      readonly onData?: (data: unknown) => void;
    },
  ): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const lost = (): Error => connectionLost(this.path, 'the server has closed the connection');
      if (this.#socket.destroyed) return reject(lost());
      const timer =
        how.seconds === 0
          ? undefined
          : setTimeout(() => settle(() => reject(noOutcome(command, how.seconds))), how.seconds * 1000);
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        end();
      };
      this.#waiting.set(id, {
        onEnd: () => settle(() => reject(lost())),
        onAnswer: (answer) => {
          if (answer.status === 'error') return settle(() => reject(refused(command, answer.error)));
          if (answer.stream === true && answer.end !== true) {
            how.onData?.(answer.data);
            return how.onProgress?.(progressOf(answer.data));
          }
          settle(() => resolve(answer.data));
        },
      });
      this.#socket.write(encodeFrame({ id, ...request }));
    });
  }

  #take(chunk: Buffer): void {
    this.#frames.push(chunk);
    for (let text = this.#frames.next(); text !== undefined; text = this.#frames.next()) {
      const answer = parseAnswer(text);
      if (answer === undefined) return this.close();
      // Of a server that has no room for us, before anything was asked.
      const waiting = this.#waiting.get(answer.id) ?? [...this.#waiting.values()][0];
      waiting?.onAnswer(answer);
    }
    if (this.#frames.isTooLong) this.close();
  }
}

function progressOf(data: unknown): string {
  const { progress } = (data ?? {}) as { progress?: unknown };
  return typeof progress === 'string' ? progress : '';
}

function parseAnswer(text: string): Answer | undefined {
  try {
    const value = JSON.parse(text) as Answer | null;
    const isAnswer = value?.status === 'ok' || value?.status === 'error';
    return isAnswer ? value : undefined;
  } catch {
    return undefined;
  }
}

function whyNotConnected(path: string, { code, message }: NodeJS.ErrnoException): Error {
  switch (code) {
    case 'ENOENT':
      return noServer(`there is no control socket at ${path}: no server runs there, or it has another one`);
    case 'ECONNREFUSED':
      return noServer(`nobody listens at ${path}: the server that made it is gone`);
    case 'EACCES':
    case 'EPERM':
      return noRight(path);
    case 'ENOTSOCK':
      return noControlSocket(`${path} is no socket`);
    default:
      return connectionLost(path, message);
  }
}
