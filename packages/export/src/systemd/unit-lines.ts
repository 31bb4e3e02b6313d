import type { UnitEntry, UnitSection } from '@gunicorn-ts/systemd';

/** A line of a unit as it is made here: an entry, or what is said about the next one. */
export type UnitLine = { readonly comment: string } | UnitEntry;

/** A section, with what is said put to the entries that it is said about. */
export function unitSection(name: string, lines: readonly UnitLine[]): UnitSection {
  const entries: UnitEntry[] = [];
  let comment: string[] = [];
  for (const line of lines) {
    if (!('key' in line)) {
      comment.push(line.comment);
      continue;
    }
    entries.push(comment.length === 0 ? line : { ...line, comment });
    comment = [];
  }
  return { name, entries };
}
