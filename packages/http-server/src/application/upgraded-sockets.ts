import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AccessRecord, WorkerContext } from '@gunicorn-ts/interface';
import { Upgrade } from './upgrade.ts';

/** How long a peer has to connect anew before its connection is ended. */
const LINGER_MS = 1000;

/** A close frame with status 1012, "service restart" (RFC 6455, section 5.5.1; the code is IANA's). */
const SERVICE_RESTART = Buffer.from([0x88, 0x02, 0x03, 0xf4]);

/** What an upgrade counts as that the application never answered. */
const SERVICE_UNAVAILABLE = 503;

/** Sockets that the application took over. */
export class UpgradedSockets {
  readonly #upgrades = new Set<Upgrade>();
  readonly #context: Pick<WorkerContext, 'accessLog' | 'requestFinished'>;
  #leaving = false;

  constructor(context: Pick<WorkerContext, 'accessLog' | 'requestFinished'>) {
    this.#context = context;
  }

  /** Called before the application sees the socket. The request counts as finished when the socket closes. */
  add(request: IncomingMessage, socket: Duplex): void {
    const upgrade = new Upgrade(request, socket);
    if (this.#context.accessLog) upgrade.watchHead();
    this.#upgrades.add(upgrade);
    socket.once('close', () => {
      this.#upgrades.delete(upgrade);
      this.#context.requestFinished(this.#context.accessLog ? upgrade.record() : undefined);
    });
    if (this.#leaving) setImmediate(() => leave(upgrade));
  }

  /** Says what those count as that the server cuts before the application has answered. */
  markCut(status: number): void {
    for (const upgrade of this.#upgrades) upgrade.cutAs = status;
  }

  /** See `Worker.cutOff`. */
  records(): readonly AccessRecord[] {
    return [...this.#upgrades].map((upgrade) => upgrade.record());
  }

  destroy(): void {
    for (const { socket } of this.#upgrades) socket.destroy();
  }

  /** Tells WebSocket clients to connect anew, and ends all sockets a second later. */
  sayGoodbye(): void {
    this.#leaving = true;
    for (const upgrade of this.#upgrades) leave(upgrade);
  }
}

function leave(upgrade: Upgrade): void {
  const { socket } = upgrade;
  // The peer may be gone already, and an application without this listener is not to die of our goodbye.
  socket.on('error', () => {});
  const told = tell(upgrade);
  upgrade.cutAs = SERVICE_UNAVAILABLE;
  setTimeout(() => {
    if (!told) tell(upgrade);
    socket.end();
  }, LINGER_MS).unref();
}

/**
 * Libraries write a frame within one turn of the loop, so between turns ours lands between two others. Not
 * before the response, though: it would be taken for a part of it.
 */
function tell(upgrade: Upgrade): boolean {
  const { socket } = upgrade;
  if (!upgrade.isWebSocket || !upgrade.answered || !socket.writable) return false;
  socket.write(SERVICE_RESTART);
  return true;
}
