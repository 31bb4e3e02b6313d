import { FixedBuffer } from './fixed-buffer.ts';
import { constants, type LibraryFunction, libraryFunction } from './system-calls.ts';
import { unixQueue } from './unix-queue.ts';

/** Of `<netinet/tcp.h>` and `<asm/socket.h>` of Linux. */
const TCP_INFO = 11;
const SO_MEMINFO = 55;
/** In `struct tcp_info`; of a listening socket the first two are the accept queue. */
const TCPI_UNACKED = 24;
const TCPI_SACKED = 28;
const TCPI_LAST_DATA_RECV = 52;
const TCP_INFO_BYTES = 104;
/** The ninth number of `SO_MEMINFO`, SK_MEMINFO_DROPS. */
const DROPS = 32;
const MEMINFO_BYTES = 36;

/** The connections of a listening socket that nobody has accepted yet. */
export interface ListenQueue {
  readonly waiting: number;
  /** How many may wait: `backlog`, or `net.core.somaxconn` when that is less. */
  readonly limit: number;
  /**
   * Connections that were dropped because the queue was full, since the socket was opened. Absent for a unix socket,
   * whose clients wait or are told at once.
   */
  readonly drops: number | undefined;
}

interface Calls {
  readonly getsockopt: LibraryFunction;
  readonly value: FixedBuffer;
  readonly length: FixedBuffer;
}

let loaded: Calls | undefined;

function calls(): Calls {
  loaded ??= {
    // Addresses are handed over as numbers: koffi then does not look at the objects behind them.
    getsockopt: libraryFunction(
      'int getsockopt(int fd, int level, int name, uintptr_t value, uintptr_t length)',
    ),
    value: new FixedBuffer(TCP_INFO_BYTES),
    length: new FixedBuffer(4),
  };
  return loaded;
}

/**
 * Reads an option of up to `TCP_INFO_BYTES`. `undefined` when the kernel has it not, or gives less.
 * @returns bytes that the next call overwrites
 */
function readOption(fd: number, level: number, name: number, wanted: number): Buffer | undefined {
  if (process.platform !== 'linux') return undefined;
  const { getsockopt, value, length } = calls();
  length.bytes.writeUInt32LE(wanted);
  if (getsockopt(fd, level, name, value.address, length.address) === -1) return undefined;
  return length.bytes.readUInt32LE() < wanted ? undefined : value.bytes;
}

/** What waits at a listening socket. `undefined` where the kernel does not say, and on other systems than Linux. */
export function listenQueue(fd: number): ListenQueue | undefined {
  const { IPPROTO_TCP, SOL_SOCKET } = constants();
  const info = readOption(fd, IPPROTO_TCP, TCP_INFO, TCP_INFO_BYTES);
  if (info === undefined) {
    const queue = unixQueue(fd);
    return queue && { ...queue, drops: undefined };
  }
  const [waiting, limit] = [info.readUInt32LE(TCPI_UNACKED), info.readUInt32LE(TCPI_SACKED)];
  const memory = readOption(fd, SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES);
  return { waiting, limit, drops: memory?.readUInt32LE(DROPS) ?? 0 };
}

/**
 * Milliseconds since the last bytes of a TCP connection arrived: right after `accept` that is how long a request which
 * was there by then had waited. `undefined` for another socket, and on other systems than Linux.
 */
export function sinceReceived(fd: number): number | undefined {
  return readOption(fd, constants().IPPROTO_TCP, TCP_INFO, TCP_INFO_BYTES)?.readUInt32LE(TCPI_LAST_DATA_RECV);
}
