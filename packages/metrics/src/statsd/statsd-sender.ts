import { lookup } from 'node:dns';
import { parseStatsdAddress, type Settings, type StatsdAddress } from '@gunicorn-ts/interface';
import { DatagramSocket } from '@gunicorn-ts/posix';
import { datagram, type DatagramStyle, prefixOf } from './datagram.ts';

/** How long nothing is tried after it failed. */
const RETRY_MS = 10_000;

export type StatsdSettings = Pick<Settings, 'statsdPrefix' | 'dogstatsdTags'>;

export interface SenderOptions {
  readonly settings: StatsdSettings;
  /** Told once what is wrong. */
  warn(text: string): void;
}

/**
 * Sends datagrams, and waits for nobody: while the name is not resolved, the socket is not there or its queue is full,
 * they are lost.
 */
export class StatsdSender {
  readonly #host: string;
  readonly #address: StatsdAddress;
  readonly #style: DatagramStyle;
  readonly #warn: (text: string) => void;
  #socket: DatagramSocket | undefined;
  #isResolving = false;
  #retryAt = 0;
  #warned = false;

  /** @param host `statsdHost` */
  constructor(host: string, { settings, warn }: SenderOptions) {
    this.#host = host;
    this.#address = parseStatsdAddress(host);
    this.#style = { prefix: prefixOf(settings.statsdPrefix), tags: settings.dogstatsdTags };
    this.#warn = warn;
    this.#open();
  }

  send(text: string): void {
    const socket = this.#socket ?? this.#open();
    if (socket === undefined || socket.send(Buffer.from(datagram(this.#style, text), 'latin1'))) return;
    // The file of a unix socket is that of another one by now. UDP tells of one refusal, and goes on.
    if (this.#address.kind === 'unix') this.#fail('nobody takes what is sent');
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#retryAt = Number.POSITIVE_INFINITY;
  }

  #open(): DatagramSocket | undefined {
    if (this.#isResolving || performance.now() < this.#retryAt) return undefined;
    const address = this.#address;
    if (address.kind === 'unix') return this.#connect(() => DatagramSocket.toUnix(address.path));
    this.#isResolving = true;
    lookup(address.host, (error, numeric) => {
      this.#isResolving = false;
      if (error !== null) this.#fail(error.message);
      else if (this.#retryAt !== Number.POSITIVE_INFINITY)
        this.#connect(() => DatagramSocket.toUdp(numeric, address.port));
    });
    return undefined;
  }

  #connect(open: () => DatagramSocket): DatagramSocket | undefined {
    try {
      return (this.#socket = open());
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #fail(reason: string): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#retryAt = performance.now() + RETRY_MS;
    if (this.#warned) return;
    this.#warned = true;
    this.#warn(
      `statsdHost: nothing is sent to ${this.#host} for now, and it is tried again every 10 s: ${reason}`,
    );
  }
}
