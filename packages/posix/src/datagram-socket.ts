import { closeSync } from 'node:fs';
import { openSocket } from './open-socket.ts';
import { encodeAbstractAddress, encodeTcpAddress, encodeUnixAddress } from './socket-address.ts';
import { constants, type LibraryFunction, libraryFunction, systemCall } from './system-calls.ts';

let send: LibraryFunction | undefined;

/** A socket for datagrams to one address, which never waits. */
export class DatagramSocket {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @throws {PosixError} ENOENT, ECONNREFUSED, EACCES when nobody listens there who may be spoken to */
  static toUnix(path: string): DatagramSocket {
    const system = constants();
    const address = path.startsWith('@')
      ? encodeAbstractAddress(path, system)
      : encodeUnixAddress(path, system);
    return DatagramSocket.#connect(system.AF_UNIX, address, path);
  }

  /** @throws {PosixError} EINVAL when the host is not a numeric address; ENETUNREACH */
  static toUdp(host: string, port: number): DatagramSocket {
    const system = constants();
    const family = host.includes(':') ? system.AF_INET6 : system.AF_INET;
    return DatagramSocket.#connect(family, encodeTcpAddress(host, port, system), `${host} port ${port}`);
  }

  static #connect(family: number, address: Buffer, subject: string): DatagramSocket {
    const fd = openSocket(family, constants().SOCK_DGRAM);
    try {
      systemCall('connect', subject, fd, address, address.length);
      return new DatagramSocket(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** @returns false when it was not sent: nobody is there, or the queue is full */
  send(bytes: Uint8Array): boolean {
    send ??= libraryFunction('intptr_t send(int fd, const void *bytes, uintptr_t length, int flags)');
    return Number(send(this.#fd, bytes, bytes.length, constants().MSG_DONTWAIT)) === bytes.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
