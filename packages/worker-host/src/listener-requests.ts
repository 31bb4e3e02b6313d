import { type FurtherAddress, parseArbiterMessage } from '@gunicorn-ts/interface';
import type { Channel } from './channel.ts';

/** A socket, as Node gives it to `server.listen`. */
export interface ListenHandle {
  close(): void;
}

/** Rejects when the address cannot be listened on, with the `code` of the system; `alone`: ask the system yourself. */
export type AskListener = (address: FurtherAddress) => Promise<ListenHandle | 'alone'>;

interface Waiting {
  resolve(answer: ListenHandle | 'alone'): void;
  reject(error: Error): void;
}

/** The worker's side of `listen` and `listener`. */
export class ListenerRequests {
  readonly #channel: Channel;
  readonly #waiting: Map<number, Waiting> = new Map();
  #last = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  readonly ask: AskListener = async (address) => {
    // Later than the boot message, and only where it is needed: the listener keeps the event loop alive.
    if (this.#last === 0) process.on('message', (value, handle) => this.#answered(value, handle));
    const id = ++this.#last;
    const answer = Promise.withResolvers<ListenHandle | 'alone'>();
    this.#waiting.set(id, answer);
    if (!(await this.#channel.send({ type: 'listen', id, address }))) {
      this.#waiting.delete(id);
      return 'alone';
    }
    return answer.promise;
  };

  #answered(value: unknown, handle: unknown): void {
    const message = parseArbiterMessage(value);
    if (message?.type !== 'listener') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    const { failure, alone } = message;
    if (waiting === undefined) (handle as ListenHandle | undefined)?.close();
    else if (failure !== undefined) {
      waiting.reject(Object.assign(new Error(failure.message), { code: failure.code }));
    } else if (alone || handle === undefined || handle === null) waiting.resolve('alone');
    else waiting.resolve(handle as ListenHandle);
  }
}
