import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';
import { closeUnused } from '../connection/sweep.ts';
import type { Engine } from '../engine.ts';
import type { FrontedSockets } from './fronted-sockets.ts';
import { rethrowLater } from '../loop/rethrow-later.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

/** What a request counts as that was cut before anything was sent. */
const SERVICE_UNAVAILABLE = 503;
/** How long a client may be about to use a connection that looks idle. */
const LINGER_MS = 1000;
/** How often is looked. */
const LOOK_EVERY_MS = 50;
/** How long after the deadline the worker's host has for saying what is lost, before it is. */
const LAST_WORDS_MS = 100;

/** What a drain acts on. */
export interface Drained {
  readonly engine: Engine;
  readonly fronted: FrontedSockets;
  readonly upgraded?: UpgradedSockets;
}

/**
 * Ends connections as soon as nobody uses them. Resolves when none is left; those left at the deadline are cut.
 * Nothing new is being taken any more, and the engine is closing.
 */
export async function drainConnections(drained: Drained, deadline: Promise<void>): Promise<void> {
  const { engine, fronted } = drained;
  const over = new AbortController();
  void deadline.then(() => over.abort());
  const isEmpty = (): boolean => engine.connections.size === 0 && fronted.size === 0;
  while (!isEmpty() && !over.signal.aborted) {
    const now = performance.now();
    for (const connection of engine.connections) if (isUnused(connection, now)) endUnused(connection);
    fronted.endUnused(now, LINGER_MS);
    // Behind the poll: what has arrived by now is read before its connection is judged.
    const wait = [deadline, sleep(LOOK_EVERY_MS).then(() => nextTurn())];
    await Promise.race(fronted.size === 0 ? [engine.untilEmpty(), ...wait] : wait);
  }
  if (isEmpty()) return;
  await sleep(LAST_WORDS_MS);
  cut(drained);
}

function endUnused(connection: Connection): void {
  try {
    closeUnused(connection, true);
  } catch (error) {
    // Of the application that was asked what had just arrived.
    rethrowLater(error);
  }
}

function cut({ engine, fronted, upgraded }: Drained): void {
  for (const { exchange } of engine.connections)
    if (exchange !== undefined) exchange.cutAs = SERVICE_UNAVAILABLE;
  upgraded?.markCut(SERVICE_UNAVAILABLE);
  upgraded?.destroy();
  fronted.destroy();
  engine.sessions?.destroy();
  for (const connection of engine.connections) connection.destroy();
}

/** A client that has just got its answer, or has just come, may be about to send a request. */
function isUnused({ stage, since, transport }: Connection, now: number): boolean {
  if (stage !== 'idle' && stage !== 'fresh') return false;
  return now - Math.max(since === Infinity ? 0 : since, transport.lastRead) >= LINGER_MS;
}
