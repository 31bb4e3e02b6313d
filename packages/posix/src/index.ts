export { adoptListener } from './adopted-listener.ts';
export { duplicate, replaceDescriptor } from './descriptor.ts';
export { PosixError, UnsupportedPlatformError } from './errors.ts';
export type { BoundAddress, TcpAddress, UnixAddress } from './socket-address.ts';
export { setListenBacklog } from './stream-socket.ts';
export { openTcpListener, type TcpListener, type TcpListenerOptions } from './tcp-listener.ts';
export { openUnixListener, type UnixListener, type UnixListenerOptions } from './unix-listener.ts';
