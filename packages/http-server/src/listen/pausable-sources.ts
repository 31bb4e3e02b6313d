import type { ConnectionSource } from './connection-source.ts';

/** Why no connections are taken: there are `workerConnections` of them, or hardly any descriptors. */
export type PauseReason = 'full' | 'short';

/** All sources of a worker. They rest while there is a reason. */
export class PausableSources {
  readonly #sources: ConnectionSource[] = [];
  readonly #reasons = new Set<PauseReason>();

  get count(): number {
    return this.#sources.length;
  }

  add(source: ConnectionSource): void {
    this.#sources.push(source);
    if (this.#reasons.size > 0) source.pause();
  }

  pause(reason: PauseReason): void {
    this.#reasons.add(reason);
    for (const source of this.#sources) source.pause();
  }

  resume(reason: PauseReason): void {
    if (!this.#reasons.delete(reason) || this.#reasons.size > 0) return;
    for (const source of this.#sources) source.resume();
  }

  stop(): void {
    for (const source of this.#sources) source.stop();
  }

  /**
   * Takes what waits in the kernel's queues now.
   * @returns how many were taken
   */
  take(): number {
    return this.#sources.reduce((sum, source) => sum + source.take(), 0);
  }
}
