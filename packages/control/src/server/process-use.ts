import { readFile } from 'node:fs/promises';
import { processStat } from '@gunicorn-ts/posix';
import type { ProcessUse } from '../figures.ts';

/** The kernel walks all pages of a process for these, about a millisecond for 50 MB. */
const MEMORY_MS = 5000;

interface Shares {
  readonly pssBytes: number;
  readonly ussBytes: number;
}

/** What processes use, as the kernel says. Asks for the costly part seldom, and in another thread. */
export class ProcessUses {
  readonly #shares: Map<number, { readonly at: number; readonly shares: Shares | undefined }> = new Map();

  /** `undefined` where there is no `/proc`, or no such process. */
  async of(pid: number): Promise<ProcessUse | undefined> {
    const stat = processStat(pid);
    if (stat === undefined) {
      this.#shares.delete(pid);
      return undefined;
    }
    return {
      pid,
      cpuSeconds: stat.cpuSeconds,
      rssBytes: stat.residentBytes,
      ...(await this.#sharesOf(pid)),
    };
  }

  /** Forgets all but these. */
  keep(pids: ReadonlySet<number>): void {
    for (const pid of this.#shares.keys()) if (!pids.has(pid)) this.#shares.delete(pid);
  }

  async #sharesOf(pid: number): Promise<Shares | undefined> {
    const known = this.#shares.get(pid);
    const now = performance.now();
    if (known !== undefined && now - known.at < MEMORY_MS) return known.shares;
    const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').then(parseShares, () => undefined);
    this.#shares.set(pid, { at: now, shares });
    return shares;
  }
}

/** USS is what would be free if the process ended, PSS that and its share of the rest. Pure. */
export function parseShares(text: string): Shares {
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  const ussBytes = (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) * 1024;
  return { pssBytes: kilobytes('Pss') * 1024, ussBytes };
}
