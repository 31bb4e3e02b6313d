import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Acceptor } from './acceptor.ts';
import { IdleSweeper, type SweptServer } from './idle-sweeper.ts';
import { markCut } from './past-answer.ts';
import type { RequestPath } from './request-path.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

/** What a drain acts on. */
export interface DrainedServer extends SweptServer {
  readonly acceptors: readonly Acceptor[];
  readonly requests: RequestPath;
  readonly upgraded: UpgradedSockets;
  /** How many connections the kernel's queues hold at most. */
  readonly queueLength: number;
}

/** Turns of the event loop without a new connection after which the accept queue counts as empty. */
const QUIET_TURNS = 3;
/** How long after the deadline the worker's host has for saying what is lost, before it is. */
const LAST_WORDS_MS = 100;
/** What a request counts as that was cut before anything was sent. */
const SERVICE_UNAVAILABLE = 503;

/**
 * Finishes what is in flight and loses nothing: empties the accept queue, stops accepting, answers with
 * `Connection: close`, and ends connections that stay unused. Resolves when no connection is left; those
 * left at the deadline are cut. `http.Server#close` would destroy idle connections while their clients
 * write, and leave busy ones kept alive.
 */
export async function drain(drained: DrainedServer, deadlineMs: number): Promise<void> {
  const deadline = sleep(deadlineMs, undefined, { ref: false });
  drained.requests.closeConnections();
  await Promise.race([emptyQueue(drained), deadline]);
  for (const acceptor of drained.acceptors) acceptor.stop();
  drained.upgraded.sayGoodbye();
  const sweeper = new IdleSweeper(drained);
  const empty = drained.connections.empty();
  await Promise.race([empty, deadline]);
  sweeper.stop();
  if (drained.connections.size > 0) await sleep(LAST_WORDS_MS);
  for (const response of drained.inFlight.responses()) markCut(response, SERVICE_UNAVAILABLE);
  drained.upgraded.markCut(SERVICE_UNAVAILABLE);
  for (const socket of drained.connections.sockets()) socket.destroy();
  await empty;
}

/**
 * Takes what the kernel has completed: it would be reset if this worker is the last to close the listener.
 * libuv takes one connection a turn. Under a steady stream the queue is never empty, but a queue's length of
 * connections later, all that were waiting at the beginning have been taken.
 */
async function emptyQueue({ connections, queueLength }: DrainedServer): Promise<void> {
  // A worker at its limit has left them there.
  connections.lift();
  const enough = connections.taken + queueLength;
  for (let quiet = 0; quiet < QUIET_TURNS && connections.taken < enough;) {
    const taken = connections.taken;
    await nextTurn();
    quiet = connections.taken === taken ? quiet + 1 : 0;
  }
}
