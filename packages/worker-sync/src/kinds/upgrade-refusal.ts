import type { Server, ServerResponse } from 'node:http';
import { errorBody } from '@gunicorn-ts/http';
import type { Logger } from '@gunicorn-ts/interface';

const NOT_IMPLEMENTED = 501;
const SENTENCE = 'The sync worker serves no upgrades such as WebSocket';

/**
 * Answers requests for an upgrade that the application waits for, and would never see: a connection that lasts
 * would be the only one that this worker serves.
 */
export class UpgradeRefusal {
  readonly #own: Server | undefined;
  readonly #log: Logger;
  #told = false;

  /** @param own the application's own server, when it made one */
  constructor(own: Server | undefined, log: Logger) {
    this.#own = own;
    this.#log = log;
    if (this.#listens()) this.#tell();
  }

  /** True when the request was answered. Others are served as if they had not asked: `Upgrade` is an offer (RFC 9110 §7.8). */
  refuse(wantsUpgrade: boolean, response: ServerResponse): boolean {
    if (!wantsUpgrade || !this.#listens()) return false;
    this.#tell();
    const body = errorBody(NOT_IMPLEMENTED, SENTENCE);
    response.writeHead(NOT_IMPLEMENTED, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
    return true;
  }

  #listens(): boolean {
    return this.#own !== undefined && this.#own.listenerCount('upgrade') > 0;
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.#log.warning(
      `The application listens for upgrades (WebSocket), and the sync worker serves none: they are answered ` +
        `with ${NOT_IMPLEMENTED}. Use --worker-class event.`,
    );
  }
}
