import { stripVTControlCharacters } from 'node:util';

/** Where a command writes. */
export interface OutputIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

export function printJson({ stdout }: OutputIo, value: unknown): void {
  stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function printLines({ stdout }: OutputIo, lines: readonly string[]): void {
  stdout.write(`${lines.join('\n')}\n`);
}

/** Columns, each as wide as its widest cell; numbers stand to the right. Pure. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const isNumber = head.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^(?:-|~?[\d.]*[a-zA-Z%]{0,2})$/.test(row[at] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        isNumber[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line);
}

/** One line of what a client or an application wrote: it must not steer the terminal. Pure. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** `4 s`, `12 min`, `3 h 12 min`, `5 d 3 h`. Pure. */
export function describeSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  const [minutes, hours, days] = [
    Math.floor(whole / 60),
    Math.floor(whole / 3600),
    Math.floor(whole / 86_400),
  ];
  if (minutes === 0) return `${whole} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return `${hours} h ${minutes % 60} min`;
  return `${days} d ${hours % 24} h`;
}

/** `1 worker`, `2 workers`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A moment of this day by its time, any other with its date. */
export function describeMoment(at: number, now: number): string {
  const date = new Date(at);
  const pad = (number: number): string => String(number).padStart(2, '0');
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  const isToday = date.toDateString() === new Date(now).toDateString();
  if (isToday) return time;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
}
