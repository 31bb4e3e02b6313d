import { isolate } from '../loop/isolation.ts';
import type { Connection } from './connection.ts';
import type { ConnectionHost } from './connection-host.ts';
import { expiryOf } from './deadline.ts';

/** Does what follows when a deadline of a connection is over. */
export function sweepConnection(connection: Connection, host: ConnectionHost, now: number): void {
  const { service, limits } = host;
  switch (expiryOf(connection, limits, now)) {
    case undefined:
      sweepInactive(connection, host, now);
      break;
    case 'head':
      if (connection.stage === 'refused') connection.destroy();
      else service.expire(connection);
      break;
    case 'body':
      service.expire(connection);
      break;
    case 'answer':
      connection.exchange?.onTimeout();
      break;
    case 'stay':
      if (connection.stage === 'idle') expireUnused(connection, host);
      else connection.destroy();
      break;
    case 'read':
      service.onUnread?.(connection);
      connection.destroy();
      break;
  }
}

function expireUnused(connection: Connection, { service }: ConnectionHost): void {
  if (isUsed(connection)) return;
  // Once: who is told has it from now on.
  if (service.onUnused?.(connection) === true) connection.since = Infinity;
  else connection.close(false);
}

/**
 * Ends a connection that nobody uses, unless its client uses it by now: a process that had no time to read would otherwise
 * reset a request that came long before. Where Node reads, that is up to the order of its turns.
 */
export function closeUnused(connection: Connection, mayLinger: boolean): void {
  if (!isUsed(connection)) connection.close(mayLinger);
}

function isUsed(connection: Connection): boolean {
  const arrival = { connection, hasCome: false };
  isolate(readArrival, arrival);
  return arrival.hasCome;
}

function readArrival(arrival: { readonly connection: Connection; hasCome: boolean }): void {
  arrival.hasCome = arrival.connection.transport.tryReady?.() === true;
}

function sweepInactive(connection: Connection, { service, limits }: ConnectionHost, now: number): void {
  const { inactivityMs, activeSince, transport } = connection;
  if (inactivityMs === 0 || connection.isOver) return;
  // Between two requests the time to stay counts in its place, as on Node's server.
  if (connection.stage === 'idle' && limits.keepAliveMs < Infinity) return;
  if (now - Math.max(transport.lastRead, transport.lastWrite, activeSince) < inactivityMs) return;
  connection.activeSince = now;
  service.onInactive?.(connection);
}
