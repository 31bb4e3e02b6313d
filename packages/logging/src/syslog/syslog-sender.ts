import { lookup } from 'node:dns';
import type { NetConnectOpts } from 'node:net';
import { DatagramSocket } from '@gunicorn-ts/posix';
import { errorCode } from '../errors.ts';
import { parseSyslogAddress, type SyslogAddress } from './address.ts';
import { StreamWay } from './stream-way.ts';

/** How long nothing is tried after it failed, in milliseconds. */
const RETRY_MS = 1000;
/** What waits while a name is being resolved: the first entries of a start. */
const MOST_HELD_BYTES = 256 * 1024;
/** Of a datagram of UDP over IPv4, which has 65,507. */
const LONGEST_DATAGRAM = 65_000;

/** What takes messages now. */
interface Way {
  /** False when it was not taken. */
  send(message: Buffer): boolean;
  close(): void;
  /** Whether it is made anew by whoever uses it, when it takes nothing. */
  readonly isRenewed: boolean;
}

/**
 * Sends messages to syslog and waits for nobody: while the name is not resolved, nobody listens, or the queue is full,
 * they are lost.
 */
export class SyslogSender {
  readonly #text: string;
  readonly #address: SyslogAddress;
  readonly #warn: (problem: string) => void;
  #way: Way | undefined;
  #isResolving = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #retryAt = 0;
  #isClosed = false;
  #isInTrouble = false;
  #lost = 0;

  /**
   * @param address `syslogAddr`
   * @param warn told once when messages begin to be lost, and once when they go out again
   */
  constructor(address: string, warn: (problem: string) => void) {
    this.#text = address;
    this.#address = parseSyslogAddress(address);
    this.#warn = warn;
    this.#way = this.#open();
  }

  send(message: Buffer): void {
    if (this.#isClosed) return;
    this.#way ??= this.#open();
    const way = this.#way;
    if (way === undefined) return this.#isResolving ? this.#hold(message) : this.#lose();
    if (way.send(message)) return way.isRenewed ? this.#outOfTrouble() : undefined;
    // The file of a unix socket may be that of another daemon by now, and UDP tells of one refusal once.
    if (!way.isRenewed || performance.now() < this.#retryAt) return this.#lose();
    way.close();
    this.#way = undefined;
    this.#way = this.#open();
    if (this.#way?.send(message) === true) this.#outOfTrouble();
    else this.#fail('nobody takes what is sent');
  }

  close(): void {
    this.#isClosed = true;
    this.#way?.close();
    this.#way = undefined;
    this.#held = [];
  }

  #open(): Way | undefined {
    const address = this.#address;
    if (this.#isResolving || performance.now() < this.#retryAt) return undefined;
    try {
      if (address.kind === 'unix') return this.#unixWay(address);
      if (address.kind === 'tcp') return this.#stream({ host: address.host, port: address.port });
    } catch (error) {
      this.#fail(errorCode(error));
      return undefined;
    }
    this.#isResolving = true;
    lookup(address.host, (error, numeric) => this.#resolved(error, numeric, address.port));
    return undefined;
  }

  #resolved(error: Error | null, numeric: string, port: number): void {
    this.#isResolving = false;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (this.#isClosed) return;
    try {
      if (error !== null) throw error;
      this.#way = new DatagramWay(DatagramSocket.toUdp(numeric, port), false);
    } catch (reason) {
      this.#lost += held.length;
      this.#fail(errorCode(reason));
      return;
    }
    for (const message of held) this.send(message);
  }

  #hold(message: Buffer): void {
    if (this.#heldBytes + message.length > MOST_HELD_BYTES) return this.#lose();
    this.#held.push(message);
    this.#heldBytes += message.length;
    return undefined;
  }

  #lose(): void {
    this.#lost++;
  }

  #fail(reason: string): void {
    this.#way?.close();
    this.#way = undefined;
    this.#retryAt = performance.now() + RETRY_MS;
    this.#lose();
    this.#inTrouble(reason);
  }

  #inTrouble(reason: string): void {
    if (this.#isInTrouble) return;
    this.#isInTrouble = true;
    this.#warn(
      `syslogAddr: nothing is sent to ${this.#text} for now, and it is tried again each second: ${reason}`,
    );
  }

  #outOfTrouble(): void {
    if (!this.#isInTrouble) return;
    const lost = this.#lost;
    this.#isInTrouble = false;
    this.#lost = 0;
    this.#warn(`syslogAddr: ${this.#text} takes messages again; ${lost} were lost`);
  }

  /** Daemons listen with one of the two, mostly for datagrams. */
  #unixWay({ path, type }: SyslogAddress & { readonly kind: 'unix' }): Way {
    if (type === 'stream') return this.#stream({ path });
    try {
      return new DatagramWay(DatagramSocket.toUnix(path), true);
    } catch (error) {
      if (type === undefined && errorCode(error) === 'EPROTOTYPE') return this.#stream({ path });
      throw error;
    }
  }

  #stream(to: NetConnectOpts): Way {
    return new StreamWay(to, {
      onDown: (reason) => this.#inTrouble(reason),
      onUp: () => this.#outOfTrouble(),
    });
  }
}

class DatagramWay implements Way {
  readonly isRenewed: boolean;
  readonly #socket: DatagramSocket;

  constructor(socket: DatagramSocket, isRenewed: boolean) {
    this.isRenewed = isRenewed;
    this.#socket = socket;
  }

  send(message: Buffer): boolean {
    return this.#socket.send(
      message.length > LONGEST_DATAGRAM ? message.subarray(0, LONGEST_DATAGRAM) : message,
    );
  }

  close(): void {
    this.#socket.close();
  }
}
