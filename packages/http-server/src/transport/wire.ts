import { Socket } from 'node:net';
import { BROKEN, setNonBlocking } from '@gunicorn-ts/posix';
import { DescriptorLoop } from '../loop/descriptor-loop.ts';
import { DescriptorTransport } from './descriptor.ts';
import { StreamTransport } from './stream.ts';
import type { Transport } from './transport.ts';

const NOBODY = { host: '', port: 0 } as const;

/**
 * A connected socket to another process of the server, watched by the loop that watches the connections where there is
 * one: what comes from both is served in the same turn. It reads from `start` on, and to the end also when the other
 * process is gone.
 * @param fd belongs to the wire from now on
 */
export function openWire(fd: number): Transport {
  if (DescriptorLoop.shared() === undefined) {
    const socket = new Socket({ fd, readable: true, writable: true });
    return new StreamTransport(socket, { peer: NOBODY, local: undefined });
  }
  setNonBlocking(fd);
  return openDescriptor(fd);
}

/** The same for a descriptor that does not block, where there is such a loop. */
export function openDescriptor(fd: number): DescriptorTransport {
  return new Wire(DescriptorLoop.shared()!, fd);
}

/** A client that goes has no use for an answer. Of everybody else what was sent before the end is still read. */
class Wire extends DescriptorTransport {
  readonly #descriptors: DescriptorLoop;
  #isPaused = false;
  #isForgotten = false;

  constructor(loop: DescriptorLoop, fd: number) {
    super(loop, { fd, peer: NOBODY }, undefined);
    this.#descriptors = loop;
  }

  override pause(): void {
    this.#isPaused = true;
    super.pause();
  }

  override resume(): void {
    this.#isPaused = false;
    this.#watchAgain();
    super.resume();
  }

  /** First: the set refuses to change what it was told to forget, and that would end the wire with its bytes unread. */
  #watchAgain(): void {
    if (!this.#isForgotten || this.isClosed) return;
    this.#isForgotten = false;
    try {
      this.#descriptors.watch(this, 'read');
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override onReady(events: number): void {
    if ((events & BROKEN) === 0 || !this.#isPaused || this.isEnded) {
      super.onReady(events);
      return;
    }
    // The set would tell of it in every turn until it is read.
    this.#isForgotten = true;
    this.#descriptors.forget(this);
  }
}
