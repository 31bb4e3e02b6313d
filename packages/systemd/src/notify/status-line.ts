import type { WorkerCounts } from '@gunicorn-ts/interface';

const LONGEST_REASON = 200;

/** What `systemctl status` shows of the workers: `3 workers ready`, `2 of 3 workers ready, 1 booting`. */
export function describeCounts({ target, booting, ready, draining }: WorkerCounts): string {
  const workers = target === 1 ? 'worker' : 'workers';
  const parts = [ready === target ? `${ready} ${workers} ready` : `${ready} of ${target} ${workers} ready`];
  if (booting > 0) parts.push(`${booting} booting`);
  if (draining > 0) parts.push(`${draining} finishing`);
  return parts.join(', ');
}

/** The first line of a message, with the next one when it ends in a colon, short enough for a status. */
export function inOneLine(text: string): string {
  const [first = '', second = ''] = text.trim().split('\n');
  const line = first.endsWith(':') ? `${first} ${second.trim()}`.trim() : first;
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}
