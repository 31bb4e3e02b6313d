import type { AnsweredRequest, ResponseDraft, ResponseHead } from './response-draft.ts';

/** Heads that are remembered: a power of two. */
const SLOTS = 32;
/** Larger ones are not: what is kept of an application's values must stay little. */
const MOST_HEADERS = 24;
const LONGEST_TEXT = 2048;

interface Remembered {
  /** What the request, and the server, want of the head, as bits. */
  readonly terms: number;
  readonly status: number;
  readonly reason: string | undefined;
  readonly bodyLength: number | undefined;
  /** Names and values by turns: the application may change what it has given. */
  readonly pairs: readonly string[];
  /** With the time: it holds for a second. */
  readonly common: string;
  readonly head: ResponseHead;
  /** The same with the head as bytes, made when it is used again. */
  again: ResponseHead | undefined;
}

/**
 * Response heads that were written lately. Most responses of an application begin as an earlier one did in the same
 * second; then its headers need be neither checked nor put together again.
 */
export class RecentHeads {
  readonly #slots: (Remembered | undefined)[] = Array.from({ length: SLOTS });

  /** The head that the same draft became. @param common the lines that all heads have */
  find(terms: number, draft: ResponseDraft, common: string): ResponseHead | undefined {
    const found = this.#slots[slotOf(terms, draft)];
    if (found === undefined || found.common !== common || found.terms !== terms) return undefined;
    if (found.status !== draft.status || found.reason !== draft.reason) return undefined;
    if (found.bodyLength !== draft.bodyLength || !hasPairs(draft.headers, found.pairs)) return undefined;
    return (found.again ??= { ...found.head, bytes: Buffer.from(found.head.text, 'latin1') });
  }

  keep(terms: number, draft: ResponseDraft, common: string, head: ResponseHead): void {
    const { headers, status, reason, bodyLength } = draft;
    if (headers.length > MOST_HEADERS || head.text.length > LONGEST_TEXT) return;
    const pairs: string[] = [];
    for (const pair of headers) pairs.push(pair[0], pair[1]);
    this.#slots[slotOf(terms, draft)] = {
      terms,
      status,
      reason,
      bodyLength,
      pairs,
      common,
      head,
      again: undefined,
    };
  }
}

/** All that a head owes to its request. */
export function termsOf({ method, version, keepAlive }: AnsweredRequest, close: boolean): number {
  const bodiless = method === 'HEAD' ? 4 : method === 'CONNECT' ? 8 : 0;
  return (keepAlive && !close ? 1 : 0) | (version >= 11 ? 2 : 0) | bodiless;
}

function slotOf(terms: number, { status, headers, bodyLength = 0 }: ResponseDraft): number {
  return (terms + status + headers.length * 5 + bodyLength * 7) & (SLOTS - 1);
}

function hasPairs(headers: ResponseDraft['headers'], pairs: readonly string[]): boolean {
  if (headers.length * 2 !== pairs.length) return false;
  let at = 0;
  for (const pair of headers) {
    if (pair[0] !== pairs[at] || pair[1] !== pairs[at + 1]) return false;
    at += 2;
  }
  return true;
}
