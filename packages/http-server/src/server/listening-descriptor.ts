import { closeSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { type AcceptedConnection, duplicate, setKeepAlive, setNoDelay } from '@gunicorn-ts/posix';
import type { Engine } from '../engine.ts';
import type { Acceptor } from '../listen/acceptor.ts';
import { DescriptorLoop } from '../loop/descriptor-loop.ts';
import { LoopHold } from '../loop/loop-hold.ts';

/** The part of a handle of Node's that a server keeps. */
export interface ListeningHandle {
  readonly fd?: number;
  close(done?: () => void): void;
  getsockname(out: object): number;
  ref(): void;
  unref(): void;
}

interface SocketName {
  address?: string;
  port?: number;
}

export interface ListeningOptions {
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelay: number;
  onRefusal(error: Error): void;
}

/** Stands where a server keeps the handle that listens, and takes its connections as descriptors. */
export class ListeningDescriptor implements ListeningHandle {
  readonly fd: number;
  readonly #name: SocketName;
  readonly #acceptor: Acceptor;
  readonly #hold = new LoopHold(DescriptorLoop.shared()!);
  #isOpen = true;

  private constructor(engine: Engine, handle: ListeningHandle, options: ListeningOptions) {
    const name: SocketName = {};
    handle.getsockname(name);
    this.#name = name;
    this.fd = duplicate(handle.fd!);
    // What is set here, the connections inherit.
    if (options.noDelay) setNoDelay(this.fd, true);
    if (options.keepAlive) setKeepAlive(this.fd, true, Math.floor(options.keepAliveInitialDelay / 1000));
    const local = { host: name.address ?? '', port: name.port ?? 0 };
    this.#acceptor = engine.listen({
      fd: this.fd,
      local,
      onRefusal: options.onRefusal,
      ...(isIPv6(local.host) && { accept: (accepted) => engine.serveDescriptor(asIPv6(accepted), local) }),
    });
    this.ref();
  }

  /**
   * Takes a TCP handle's place, and closes it: libuv would take the connections itself.
   * @returns `undefined` for what is none: a unix socket, whose file goes when its handle is closed, or one of
   * another process
   */
  static replace(
    engine: Engine,
    handle: ListeningHandle,
    options: ListeningOptions,
  ): ListeningDescriptor | undefined {
    const name: SocketName = {};
    if (typeof handle.fd !== 'number' || handle.fd < 0 || typeof handle.getsockname !== 'function') {
      return undefined;
    }
    handle.getsockname(name);
    if (isIP(name.address ?? '') === 0) return undefined;
    const descriptor = new ListeningDescriptor(engine, handle, options);
    handle.close();
    return descriptor;
  }

  getsockname(out: object): number {
    Object.assign(out, this.#name);
    return 0;
  }

  close(done?: () => void): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.unref();
      this.#acceptor.stop();
      closeSync(this.fd);
    }
    if (done) process.nextTick(done);
  }

  ref(): void {
    if (this.#isOpen) this.#hold.ref();
  }

  unref(): void {
    this.#hold.unref();
  }
}

/** Node calls IPv4 clients of a listener for both families as the kernel does. */
function asIPv6({ fd, peer: { host, port } }: AcceptedConnection): AcceptedConnection {
  return { fd, peer: { host: isIPv6(host) ? host : `::ffff:${host}`, port } };
}
