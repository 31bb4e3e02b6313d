import type { AsgiTls } from '@gunicorn-ts/interface';

/** Clients that show certificates of their own, at most: of further ones the oldest is forgotten. */
const MOST_SLOTS = 256;

/**
 * What TLS agreed upon is the same for most clients, and long: the process is told of each once, and where it is to
 * keep it. Knows no bus.
 */
export class TlsSlots {
  readonly #most: number;
  readonly #slots = new Map<string, number>();
  readonly #texts = new WeakMap<AsgiTls, string>();

  constructor(most: number = MOST_SLOTS) {
    this.#most = most;
  }

  /** `news` is for the process, in front of the request. */
  place(tls: AsgiTls): { readonly slot: number; readonly news?: string } {
    const text = this.#textOf(tls);
    const found = this.#slots.get(text);
    if (found !== undefined) return { slot: found };
    const slot = this.#free();
    this.#slots.set(text, slot);
    return { slot, news: `{"slot":${slot},"tls":${text}}` };
  }

  #free(): number {
    if (this.#slots.size < this.#most) return this.#slots.size;
    const [[oldest, slot]] = this.#slots as unknown as [[string, number]];
    this.#slots.delete(oldest);
    return slot;
  }

  #textOf(tls: AsgiTls): string {
    const text = this.#texts.get(tls) ?? JSON.stringify(tls);
    this.#texts.set(tls, text);
    return text;
  }
}
