import { notAUnit } from '../errors.ts';
import type { Unit, UnitEntry } from './unit.ts';

interface LogicalLine {
  /** Number of its first line, from 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * Reads a unit file as systemd does, and refuses what systemd would pass over with a warning. Comments are dropped.
 * @throws OperatorError for a line that is neither a section, an entry nor a comment.
 */
export function parseUnit(text: string): Unit {
  const sections: { name: string; entries: UnitEntry[] }[] = [];
  for (const line of logicalLines(text)) {
    if (line.text.startsWith('[')) {
      sections.push({ name: sectionName(line), entries: [] });
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) throw notAUnit(line.number, 'stands before the first section');
    section.entries.push(entryOf(line));
  }
  return { sections };
}

/** Joins continued lines as systemd does: the backslash becomes a blank, and comments between them are passed over. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let begun: LogicalLine | undefined;
  for (const [index, physical] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const trimmed = physical.replace(/^[ \t]+/, '');
    if (/^[#;]/.test(trimmed)) continue;
    const joined: LogicalLine = { number: begun?.number ?? index + 1, text: (begun?.text ?? '') + trimmed };
    if (isContinued(trimmed)) {
      begun = { ...joined, text: `${joined.text.slice(0, -1)} ` };
      continue;
    }
    begun = undefined;
    if (trimBlanks(joined.text) !== '') lines.push({ ...joined, text: trimBlanks(joined.text) });
  }
  if (begun !== undefined) throw notAUnit(begun.number, 'is continued by nothing');
  return lines;
}

function isContinued(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

function sectionName({ number, text }: LogicalLine): string {
  const name = /^\[([^[\]]+)\]$/.exec(text)?.[1];
  if (name === undefined) throw notAUnit(number, `is no section: ${JSON.stringify(text)}`);
  return name;
}

function entryOf({ number, text }: LogicalLine): UnitEntry {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw notAUnit(number, `is neither a section, an entry nor a comment: ${JSON.stringify(text)}`);
  return { key: trimBlanks(text.slice(0, equals)), value: trimBlanks(text.slice(equals + 1)) };
}

/** Only what systemd takes for white space; other blanks of Unicode belong to the value. */
function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
