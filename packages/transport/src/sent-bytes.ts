import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const sent = Symbol('bytes that the kernel took');

/** What Node keeps on its sockets beside their public face. */
interface Handle {
  readonly bytesWritten?: number;
  /** Bytes that were handed to libuv and not yet taken by the kernel. */
  readonly writeQueueSize?: number;
}
type Counted = Socket & { [sent]?: number; _handle?: Handle | null };

/**
 * Remembers how much of what was written to a socket the kernel has taken when it is destroyed: `bytesWritten` counts
 * what was ever handed over, and afterwards nobody can tell.
 */
export function countSent(socket: Socket): void {
  const counted: Counted = socket;
  if (counted[sent] !== undefined) return;
  counted[sent] = 0;
  const destroy = counted._destroy;
  counted._destroy = function destroyCounted(this: Counted, ...parameters) {
    this[sent] = sentSoFar(this);
    destroy.apply(this, parameters);
  };
}

/**
 * Bytes of the body of a response that were sent: all of them when it went out whole.
 * @param added what the application gave, without framing
 * @param bytesBefore `bytesWritten` of the socket before the response
 */
export function sentBody(response: ServerResponse, added: number, bytesBefore = 0): number {
  const { socket } = response.req;
  const { _header: head } = response as { _header?: string | null };
  const counted: Counted = socket;
  const total = socket.destroyed ? (counted[sent] ?? socket.bytesWritten) : sentSoFar(counted);
  return Math.min(added, Math.max(0, total - bytesBefore - (head?.length ?? 0)));
}

function sentSoFar({ _handle: handle, bytesWritten }: Counted): number {
  return (handle?.bytesWritten ?? bytesWritten) - (handle?.writeQueueSize ?? 0);
}
