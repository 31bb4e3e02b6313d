import type { AccessRecord, Problem } from '@gunicorn-ts/interface';
import { type AccessAtom, accessAtom, MISSING } from './access-atom.ts';
import { badAccessLogFormat, malformedFormat } from './errors.ts';

/** Apache's combined format, as Gunicorn has it. */
export const DEFAULT_ACCESS_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';

/** An `accessLogFormat`, compiled: rendering a line searches nothing and parses nothing. */
export interface AccessLogFormat {
  /** One line, without the new line at its end. `now` is the time that `t` shows, in milliseconds since 1970. */
  line(record: AccessRecord, now: number): string;
}

/** A piece of the format: fixed text, or `%(atom)s` with Python's optional minus sign and width. */
export type FormatPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'atom'; readonly atom: string; readonly width: number };

/** A format taken apart, up to where it is malformed. */
interface ReadFormat {
  readonly parts: readonly FormatPart[];
  /** Where a percent sign begins no atom; `undefined` when the format is well-formed. */
  readonly malformedAt: number | undefined;
}

function readFormat(format: string): ReadFormat {
  const parts: FormatPart[] = [];
  const atom = /%(?:%|\(([^()]*)\)(-?\d{0,3})[sdi])/y;
  let text = '';
  for (let position = 0; position < format.length;) {
    if (format[position] !== '%') {
      text += format[position++];
      continue;
    }
    atom.lastIndex = position;
    const match = atom.exec(format);
    if (!match) return { parts, malformedAt: position };
    position = atom.lastIndex;
    if (match[1] === undefined) {
      text += '%';
      continue;
    }
    parts.push({ kind: 'text', text }, { kind: 'atom', atom: match[1], width: Number(match[2]) || 0 });
    text = '';
  }
  parts.push({ kind: 'text', text });
  return { parts, malformedAt: undefined };
}

/** Splits a format into its pieces. Throws `ERR_ACCESS_LOG_FORMAT` where it is malformed. */
export function parseAccessLogFormat(format: string): readonly FormatPart[] {
  const { parts, malformedAt } = readFormat(format);
  if (malformedAt !== undefined) throw badAccessLogFormat(malformedFormat(format, malformedAt));
  return parts;
}

/** What to say of a format before it is used. */
export interface AccessLogFormatVerdict {
  /** Why it cannot be used. */
  readonly problem: Problem | undefined;
  /** Atoms that nobody knows; `-` is written in their place, as in Gunicorn. */
  readonly unknownAtoms: readonly string[];
}

/** Judges the setting `accessLogFormat`, so that a mistake comes to light before a worker opens its log. */
export function judgeAccessLogFormat(format: string): AccessLogFormatVerdict {
  const { parts, malformedAt } = readFormat(format);
  return {
    problem: malformedAt === undefined ? undefined : malformedFormat(format, malformedAt),
    unknownAtoms: parts.flatMap((part) =>
      part.kind === 'atom' && accessAtom(part.atom) === undefined ? [part.atom] : [],
    ),
  };
}

/** An atom with the fixed text behind it, which is joined anew only when the atom says something else. */
interface Field {
  readonly render: AccessAtom;
  textAfter: string;
  lastValue: string | undefined;
  lastText: string;
}

function fieldOf(render: AccessAtom): Field {
  return { render, textAfter: '', lastValue: undefined, lastText: '' };
}

function pad(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

/**
 * Compiles Gunicorn's `access_log_format`: `%(h)s %(l)s "%(r)s" %({x-request-id}i)s`. All its atoms are
 * known; client text in them is escaped as in Apache's log. Throws `ERR_ACCESS_LOG_FORMAT` when malformed.
 */
export function compileAccessLogFormat(format: string): AccessLogFormat {
  const fields: Field[] = [];
  let textBefore = '';
  const addText = (text: string): void => {
    const last = fields.at(-1);
    if (last) last.textAfter += text;
    else textBefore += text;
  };
  for (const part of parseAccessLogFormat(format)) {
    if (part.kind === 'text') {
      addText(part.text);
      continue;
    }
    const { atom, width } = part;
    const value = accessAtom(atom);
    if (typeof value !== 'function') addText(pad(value ?? MISSING, width));
    else if (width === 0) fields.push(fieldOf(value));
    else fields.push(fieldOf((record, now) => pad(value(record, now), width)));
  }
  let lastLine = textBefore;
  return {
    line(record, now) {
      let isLike = true;
      for (const field of fields) {
        const value = field.render(record, now);
        if (value === field.lastValue) continue;
        field.lastValue = value;
        field.lastText = value + field.textAfter;
        isLike = false;
      }
      if (isLike) return lastLine;
      lastLine = textBefore;
      for (const field of fields) lastLine += field.lastText;
      return lastLine;
    },
  };
}
