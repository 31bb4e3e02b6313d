export { adoptListener } from './adopted-listener.ts';
export { admitNoMore } from './closing-listener.ts';
export { adoptsOrphans, reapChild } from './children.ts';
export {
  acceptConnection,
  type AcceptedConnection,
  awaitReadable,
  closeDescriptor,
  filePosition,
  type Peer,
  receive,
  sendFile,
  shutdownWrite,
  transmit,
  transmitBytes,
  WOULD_BLOCK,
} from './connection.ts';
export {
  groupFolders,
  type GroupFolder,
  type GroupLimit,
  type GroupLimits,
  groupLimits,
  groupMemory,
  throttledSeconds,
  type ReadKernelFile,
} from './control-group.ts';
export { coresAllowed } from './cores.ts';
export { DatagramSocket } from './datagram-socket.ts';
export { sendDatagram } from './datagram.ts';
export { DescriptorRoom, openFileLimit } from './descriptor-room.ts';
export { duplicate, replaceDescriptor, setBlocking, setNonBlocking } from './descriptor.ts';
export { DuplexSocket } from './duplex-socket.ts';
export {
  ForeignLinkError,
  NativePackageMissingError,
  NoTemporaryPlaceError,
  PosixError,
  SecondNameError,
  UnsupportedPlatformError,
} from './errors.ts';
export { FixedBuffer } from './fixed-buffer.ts';
export { limitInheritance } from './inheritance.ts';
export { releaseMemory, releaseMemorySoon } from './memory.ts';
export { renounceNewPrivileges } from './no-new-privileges.ts';
export { type GuardedFile, openGuarded } from './guarded-open.ts';
export { HeldFolder, inFolderOf } from './held-folder.ts';
export { sendWithDescriptor } from './passed-descriptor.ts';
export { type ListenQueue, listenQueue, sinceReceived } from './listen-queue.ts';
export { LoopWatch } from './loop-watch.ts';
export { isRunning } from './is-running.ts';
export { type ProcessStat, processStat } from './process-stat.ts';
export { randomName } from './random-name.ts';
export { BROKEN, type Interest, READABLE, ReadySet, WRITABLE } from './ready-set.ts';
export { mapShared } from './shared-memory.ts';
export type { BoundAddress, TcpAddress, UnixAddress } from './socket-address.ts';
export { type PeerCredentials, peerCredentials } from './peer-credentials.ts';
export { openSocketPair } from './socket-pair.ts';
export { boundAddress, isListening, setListenBacklog } from './stream-socket.ts';
export { setKeepAlive, setNoDelay } from './tcp-options.ts';
export { letOthersJoin, openTcpListener, type TcpListener, type TcpListenerOptions } from './tcp-listener.ts';
export { connectUnix } from './unix-connection.ts';
export {
  makePrivateFolder,
  openMemoryFile,
  openNamedFile,
  openRoomyFile,
  openRoomyMemoryFile,
  openUnnamedFile,
} from './temporary-file.ts';
export {
  preferTemporaryFolder,
  type TemporaryContents,
  type TemporaryPlace,
  temporaryPlaces,
} from './temporary-place.ts';
export { openUnixListener, type UnixListener, type UnixListenerOptions } from './unix-listener.ts';
