import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Clock ticks a second in `/proc/PID/stat`; the kernel fixes it at 100 for everything user space sees. */
const TICKS_PER_SECOND = 100;

interface Entry {
  readonly pid: number;
  readonly parent: number;
  /** Ticks of all its threads, and of the children it has waited for. */
  readonly ticks: number;
  readonly isZombie: boolean;
}

export interface Memory {
  /** Resident bytes, shared pages counted whole. */
  readonly rss: number;
  /** Resident bytes, shared pages divided between those who share them. */
  readonly pss: number;
}

/** The direct children of a process. */
export function childrenOf(pid: number): number[] {
  return entries()
    .filter((entry) => entry.parent === pid && !entry.isZombie)
    .map((entry) => entry.pid);
}

/** A process and everything below it. */
export function processTree(root: number): number[] {
  return treeEntries(root).map((entry) => entry.pid);
}

/** CPU that a process and everything below it has used, user and system, in seconds. */
export function cpuSeconds(root: number): number {
  const ticks = treeEntries(root).reduce((sum, entry) => sum + entry.ticks, 0);
  return ticks / TICKS_PER_SECOND;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { rss: rolledUp(text, 'Rss'), pss: rolledUp(text, 'Pss') };
}

/** Number of open file descriptors. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/**
 * Waits until a process has no more descriptors open than before, and tells how many it has.
 * @param atMostMs milliseconds after which it is not waited for any longer
 */
export async function descriptorsLeft(pid: number, before: number, atMostMs: number): Promise<number> {
  const deadline = performance.now() + atMostMs;
  for (;;) {
    const left = descriptorsOf(pid) - before;
    if (left <= 0 || performance.now() > deadline) return Math.max(0, left);
    await sleep(50);
  }
}

/** How many file descriptors a process may have open. */
export function descriptorLimitOf(pid: number | 'self'): number {
  const limit = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return limit === undefined || limit === 'unlimited' ? Infinity : Number(limit);
}

function rolledUp(text: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  if (kilobytes === undefined) throw new Error(`There is no ${name} in smaps_rollup`);
  return Number(kilobytes) * 1024;
}

function treeEntries(root: number): Entry[] {
  const all = entries();
  const found = all.filter((entry) => entry.pid === root);
  for (const parent of found) found.push(...all.filter((entry) => entry.parent === parent.pid));
  return found;
}

function entries(): Entry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        // It ended between the listing and the reading.
        return [];
      }
    });
}

function parseStat(pid: number, stat: string): Entry {
  // Field 2, the command, may hold spaces and brackets; what follows its last bracket begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    ticks: field(14) + field(15) + field(16) + field(17),
    isZombie: fields[0] === 'Z',
  };
}
