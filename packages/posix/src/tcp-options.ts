import { setOption } from './stream-socket.ts';
import { constants } from './system-calls.ts';

/** Sends small pieces at once. A listening socket passes it on to the connections that it accepts. */
export function setNoDelay(fd: number, isOn: boolean): void {
  const { IPPROTO_TCP, TCP_NODELAY } = constants();
  setOption(fd, IPPROTO_TCP, TCP_NODELAY, isOn ? 1 : 0);
}

/**
 * Has the kernel ask a silent peer whether it is still there. A listening socket passes it on.
 * @param idleSeconds silence before the first question; 0 leaves it as it is
 */
export function setKeepAlive(fd: number, isOn: boolean, idleSeconds = 0): void {
  const { SOL_SOCKET, SO_KEEPALIVE, IPPROTO_TCP, TCP_KEEPIDLE } = constants();
  setOption(fd, SOL_SOCKET, SO_KEEPALIVE, isOn ? 1 : 0);
  if (isOn && idleSeconds > 0) setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, idleSeconds);
}
