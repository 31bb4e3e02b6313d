import { cannotCarry } from '../errors.ts';
import type { Unit, UnitEntry, UnitSection } from './unit.ts';

const KEY = /^[A-Za-z][A-Za-z0-9-]*$/;
/** systemd gives up on a line of 1 MiB (`LONG_LINE_MAX`). */
const LONGEST_LINE = 2 ** 20 - 1;

/**
 * The text of a unit file. Strict: what systemd would read as something else than was meant is refused.
 * @throws OperatorError when a value cannot stand in a unit file.
 */
export function writeUnit(unit: Unit): string {
  return unit.sections.map(writeSection).join('\n');
}

function writeSection({ name, entries }: UnitSection): string {
  if (!KEY.test(name)) throw cannotCarry('The name of a section', name, 'it is letters, digits and dashes');
  return [`[${name}]`, ...entries.flatMap(writeEntry), ''].join('\n');
}

function writeEntry({ key, value, comment = [] }: UnitEntry): string[] {
  if (!KEY.test(key)) throw cannotCarry('The name of an entry', key, 'it is letters, digits and dashes');
  const why = whyNotCarried(value);
  if (why !== undefined) throw cannotCarry(`${key}=`, value, why);
  const line = `${key}=${value}`;
  if (Buffer.byteLength(line) > LONGEST_LINE)
    throw cannotCarry(`${key}=`, `${value.slice(0, 40)}…`, 'systemd reads lines of at most 1 MiB');
  return [...comment.map(writeComment), line];
}

function writeComment(text: string): string {
  if (/[\n\r\0]/.test(text)) throw cannotCarry('A comment', text, 'it is one line');
  return `# ${text}`.trimEnd();
}

/** Completes the sentence "Key= cannot carry VALUE: …"; `undefined` when the value survives as it is. */
function whyNotCarried(value: string): string | undefined {
  if (value.includes('\0')) return 'a unit file holds no zero bytes';
  if (/[\n\r]/.test(value)) return 'a line break would end the entry';
  if (!value.isWellFormed()) return 'a unit file is UTF-8, and half a surrogate pair is not';
  if (/^[ \t]|[ \t]$/.test(value)) return 'systemd removes blanks at its ends';
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(value)) return 'a backslash at the end continues the line';
  return undefined;
}
