import { readdirSync, readFileSync } from 'node:fs';

/** More than a server has, and an end to what an application may start. */
const MOST = 512;

/** The processes that descend from one, as the kernel lists them; none where it does not. */
export function descendantsOf(pid: number): readonly number[] {
  const found: number[] = [];
  for (let at: number | undefined = pid, next = 0; at !== undefined; at = found[next++]) {
    if (found.length >= MOST) break;
    found.push(...childrenOf(at));
  }
  return found.slice(0, MOST);
}

/** Each thread has those that it has forked. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // It has ended, or the kernel was built without these lists.
    return [];
  }
}

/** What a process calls itself. */
export function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '?';
  }
}
