/** What stands before and behind every datagram. */
export interface DatagramStyle {
  readonly prefix: string;
  readonly tags: string;
}

/** As Gunicorn does it: dots at the end become one, and a prefix of one character gets none. */
export function prefixOf(setting: string): string {
  return setting.replace(/^(.+[^.]+)\.*$/, '$1.');
}

/**
 * A counter. Gunicorn says with each that nothing was left out.
 * @param rate absent in sums, which are not Gunicorn's
 */
export function counter(name: string, value: number, rate: '1.0' | '' = '1.0'): string {
  return `${name}:${value}|c${rate === '' ? '' : `|@${rate}`}`;
}

export function gauge(name: string, value: number): string {
  return `${name}:${value}|g`;
}

export function histogram(name: string, value: number): string {
  return `${name}:${value}|h`;
}

/** A duration, as Python writes a float of milliseconds, to the microsecond. */
export function timer(name: string, ms: number): string {
  return `${name}:${pythonFloat(Math.round(ms * 1000))}|ms`;
}

/** So many durations by their mean: the receiver counts one for each that was left out. */
export function meanTimer(name: string, meanMs: number, count: number): string {
  const rate = count === 1 ? '' : `|@${Number((1 / count).toPrecision(6))}`;
  return `${name}:${pythonFloat(Math.round(meanMs * 1000))}|ms${rate}`;
}

/** Seconds and microseconds are added as Gunicorn adds them, so that the last digit is the same. */
function pythonFloat(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1e6);
  const value = seconds * 1000 + (microseconds - seconds * 1e6) / 1000;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** The bytes that are sent. */
export function datagram({ prefix, tags }: DatagramStyle, text: string): string {
  return tags === '' ? `${prefix}${text}` : `${prefix}${text}|#${tags}`;
}
