import type * as Koffi from 'koffi';
import { systemCallError } from './errors.ts';
import { loadNative } from './native.ts';
import { platformConstants, type PlatformConstants } from './platform.ts';

/** A function of libc, as koffi calls it. */
type ForeignFunction = (...args: readonly unknown[]) => unknown;

/** Functions of libc. All return -1 on failure, and are called through {@link systemCall}. */
interface Libc {
  readonly socket: ForeignFunction;
  readonly bind: ForeignFunction;
  readonly listen: ForeignFunction;
  readonly connect: ForeignFunction;
  readonly setsockopt: ForeignFunction;
  readonly getsockopt: ForeignFunction;
  readonly getsockname: ForeignFunction;
  readonly fcntl: ForeignFunction;
  readonly dup2: ForeignFunction;
  readonly lchown: ForeignFunction;
  readonly waitpid: ForeignFunction;
}

/** libc, with the constants of the system it belongs to. */
interface System {
  readonly koffi: typeof Koffi;
  readonly library: Koffi.LibraryHandle;
  readonly libc: Libc;
  readonly constants: PlatformConstants;
}

let loaded: System | undefined;

/**
 * Loads koffi on the first call: it costs 5 MB, and most processes that import this package
 * never make a call.
 */
function system(): System {
  if (loaded) return loaded;
  const constants = platformConstants();
  const koffi = loadNative(process);
  const library = koffi.load(null);
  loaded = {
    koffi,
    library,
    constants,
    libc: {
      socket: library.func('int socket(int domain, int type, int protocol)'),
      bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
      listen: library.func('int listen(int fd, int backlog)'),
      connect: library.func('int connect(int fd, const void *address, uint32_t length)'),
      setsockopt: library.func(
        'int setsockopt(int fd, int level, int name, const int *value, uint32_t length)',
      ),
      getsockopt: library.func(
        'int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)',
      ),
      getsockname: library.func('int getsockname(int fd, void *address, _Inout_ uint32_t *length)'),
      fcntl: library.func('int fcntl(int fd, int command, ...)'),
      dup2: library.func('int dup2(int from, int to)'),
      lchown: library.func('int lchown(const char *path, uint32_t owner, uint32_t group)'),
      waitpid: library.func('int waitpid(int pid, void *status, int options)'),
    },
  };
  return loaded;
}

/** The constants of this system. */
export function constants(): PlatformConstants {
  return system().constants;
}

/**
 * Makes one call and returns what it returned.
 * @param subject what the call is about, for the error's message
 * @throws {PosixError} when the call returns -1
 */
export function systemCall(name: keyof Libc, subject: string, ...args: readonly unknown[]): number {
  const { libc, koffi } = system();
  const result = libc[name](...args) as number;
  if (result === -1) throw systemCallError(name, koffi.errno(), subject);
  return result;
}

/** A function of libc for those who call it for every request, and look at what it returns themselves. */
export interface LibraryFunction {
  (...args: readonly (number | bigint | Uint8Array)[]): number;
  /** Makes the call in a thread. */
  async(...args: readonly (number | bigint | ((error: Error | null, result: number) => void))[]): void;
}

export function libraryFunction(prototype: string): LibraryFunction {
  return system().library.func(prototype) as LibraryFunction;
}

/** Where a function of libc, or of libuv, lies, for one who is to call it. */
export function symbolAddress(name: string): bigint {
  return system().library.symbol(name) as bigint;
}

/** The error number of the last call that failed in this thread. */
export function lastErrno(): number {
  return system().koffi.errno();
}

/** Memory that somebody else has, at an address, as bytes. It must stay where it is for as long as they are used. */
export function viewMemory(address: bigint, length: number): ArrayBuffer {
  return system().koffi.view(address, length);
}

/** Where in memory the bytes lie. They must not be collected or moved while the address is in use. */
export function addressOf(bytes: Buffer): bigint {
  return system().koffi.address(bytes);
}
