import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';
import type { Engine } from '../engine.ts';

/** How long a client may be about to use a connection that looks idle. */
const LINGER_MS = 1000;
/** How often is looked. */
const LOOK_EVERY_MS = 50;
/** How long after the deadline the worker's host has for saying what is lost, before it is. */
const LAST_WORDS_MS = 100;

/**
 * Ends connections as soon as nobody uses them. Resolves when none is left; those left at the deadline are cut.
 * Nothing new is being taken any more, and the engine is closing.
 */
export async function drainConnections(engine: Engine, deadline: Promise<void>): Promise<void> {
  const over = new AbortController();
  void deadline.then(() => over.abort());
  while (engine.connections.size > 0 && !over.signal.aborted) {
    const now = performance.now();
    for (const connection of engine.connections) if (isUnused(connection, now)) connection.close(true);
    await Promise.race([engine.untilEmpty(), deadline, sleep(LOOK_EVERY_MS)]);
  }
  if (engine.connections.size === 0) return;
  await sleep(LAST_WORDS_MS);
  for (const connection of engine.connections) connection.destroy();
}

/** A client that has just got its answer, or has just come, may be about to send a request. */
function isUnused({ stage, since, transport }: Connection, now: number): boolean {
  if (stage !== 'idle' && stage !== 'fresh') return false;
  return now - Math.max(since, transport.lastRead) >= LINGER_MS;
}
