import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answer } from '../behaviour.ts';
import type { Conversation } from './conversation.ts';

/** How long a client waits for a server that says nothing. */
const PATIENCE_MS = 30_000;
/** The same of one whose bytes may promise more than there is: a server waits for that, and rightly. */
const IMPATIENCE_MS = 100;
/** What is heard of one that goes on saying nothing. */
export const SILENCE = ' … and then nothing';

/** A server that is talked to, and what became of its requests. */
export class Subject {
  readonly name: string;
  readonly #server: Server;
  #port = 0;
  /** Requests that the application was given, and those of which it heard how they ended. */
  begun = 0;
  ended = 0;

  constructor(name: string, make: (listener: (q: IncomingMessage, s: ServerResponse) => void) => Server) {
    this.name = name;
    this.#server = make((request, response) => {
      this.begun++;
      response.once('close', () => this.ended++);
      answer(request, response);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  /** Plays a client, and gives all that it heard; `undefined` when it left. */
  async hear({ pieces, leaves, isProper }: Conversation): Promise<string | undefined> {
    const socket = connect({ port: this.#port, host: '127.0.0.1' });
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    let isSilent = false;
    socket.on('error', (error) => (isSilent = error.message === 'silence'));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const mayHang = !isProper || Buffer.concat(pieces).includes('/destroy/');
    socket.setTimeout(!mayHang ? PATIENCE_MS : IMPATIENCE_MS, () => socket.destroy(new Error('silence')));
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    for (const piece of pieces) {
      if (!socket.writable) break;
      socket.write(piece);
      await nextTurn();
    }
    if (leaves === 'reset') socket.resetAndDestroy();
    else if (leaves === 'end') socket.end();
    await closed;
    if (leaves !== undefined) return undefined;
    const text = heard.replaceAll(/Date: [^\r]*/g, 'Date: now');
    return isSilent ? `${text}${SILENCE}` : text;
  }
}
