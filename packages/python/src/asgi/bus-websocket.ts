import type { AsgiSocketCall, AsgiSocketResponse } from '@gunicorn-ts/interface';
import { StrayFrameError } from '../errors.ts';
import { pairs, readFields } from '../frame.ts';
import { BusStream, WINDOW_BYTES } from './bus-stream.ts';

/** What a message costs of the window beside its bytes, so that empty ones cost something too. */
const MESSAGE_COST = 64;
const MORE = 1;
/** The client is to connect anew; the code is IANA's. */
const SERVICE_RESTART = 1012;

/** A WebSocket on the bus. Until the application accepts it, a request like any other. */
export class BusWebSocket extends BusStream implements AsgiSocketCall {
  declare readonly response: AsgiSocketResponse;
  #isOpen = false;
  /** What the process has not taken of the client's messages. */
  #onTheWay = 0;
  #isPaused = false;

  override take(type: string, payload: Buffer): void {
    switch (type) {
      case 'a': {
        const [subprotocol, ...fields] = readFields(payload);
        this.#isOpen = true;
        this.response.accept(subprotocol === '' ? undefined : subprotocol, pairs(fields, 0));
        if (this.host.isRetired) this.dismiss();
        break;
      }
      case 't':
      case 'b':
        this.#send(payload, type === 't');
        break;
      case 'c':
        if (payload.length < 2) throw new StrayFrameError('a close frame without a code');
        this.response.close(payload.readUInt16BE(0), payload.toString('utf8', 2));
        break;
      default:
        super.take(type, payload);
    }
  }

  message(data: Uint8Array, isText: boolean): void {
    if (this.isOver) return;
    const type = isText ? 't' : 'b';
    for (let start = 0; start === 0 || start < data.length; start += WINDOW_BYTES) {
      const piece = data.subarray(start, start + WINDOW_BYTES);
      this.host.writer.flagged(type, this.id, start + WINDOW_BYTES < data.length ? MORE : 0, piece);
      this.#onTheWay += piece.length + MESSAGE_COST;
    }
    if (this.#onTheWay < WINDOW_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.response.pause();
  }

  closed(code: number, reason: string): void {
    if (this.isOver) return;
    const text = Buffer.from(reason);
    const payload = Buffer.alloc(2 + text.length);
    payload.writeUInt16BE(code);
    payload.set(text, 2);
    this.host.writer.bytes('c', this.id, payload);
    this.end();
  }

  override dismiss(): void {
    if (!this.#isOpen) return;
    this.response.close(SERVICE_RESTART, '');
    this.closed(SERVICE_RESTART, '');
  }

  override addCredit(count: number): void {
    if (!this.#isOpen) {
      super.addCredit(count);
      return;
    }
    this.#onTheWay -= count;
    if (!this.#isPaused || this.#onTheWay >= WINDOW_BYTES / 2) return;
    this.#isPaused = false;
    this.response.resume();
  }

  #send(payload: Buffer, isText: boolean): void {
    if (payload.length === 0) throw new StrayFrameError('a message without its flags');
    const isLast = ((payload[0] ?? 0) & MORE) === 0;
    const data = payload.subarray(1);
    this.response.send(data, { isText, isLast }, () => this.giveBack(data.length + MESSAGE_COST));
  }
}
