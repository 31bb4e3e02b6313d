import { Socket } from 'node:net';

/** A socket of Node's of a connected descriptor. One side may end before the other. */
export function socketOf(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
}
