import { offset, two } from '../local-time.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const PARTS: Readonly<Record<string, (at: Date) => string>> = {
  Y: (at) => String(at.getFullYear()),
  y: (at) => two(at.getFullYear() % 100),
  m: (at) => two(at.getMonth() + 1),
  d: (at) => two(at.getDate()),
  e: (at) => String(at.getDate()).padStart(2),
  H: (at) => two(at.getHours()),
  I: (at) => two(at.getHours() % 12 || 12),
  M: (at) => two(at.getMinutes()),
  S: (at) => two(at.getSeconds()),
  p: (at) => (at.getHours() < 12 ? 'AM' : 'PM'),
  a: (at) => DAYS[at.getDay()]!.slice(0, 3),
  A: (at) => DAYS[at.getDay()]!,
  b: (at) => MONTHS[at.getMonth()]!.slice(0, 3),
  B: (at) => MONTHS[at.getMonth()]!,
  j: (at) =>
    String(
      Math.round(
        (Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) - Date.UTC(at.getFullYear(), 0, 1)) /
          86_400_000,
      ) + 1,
    ).padStart(3, '0'),
  s: (at) => String(Math.floor(at.getTime() / 1000)),
  z: offset,
  Z: (at) =>
    new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '',
  '%': () => '%',
};
const SHORT: Readonly<Record<string, string>> = { T: '%H:%M:%S', F: '%Y-%m-%d', D: '%m/%d/%y', R: '%H:%M' };

/** As `time.strftime` in the C locale; without a format as `logging` writes `asctime`. */
export function formatTime(at: Date, format: string | undefined): string {
  if (format === undefined)
    return `${formatTime(at, '%Y-%m-%d %H:%M:%S')},${String(at.getMilliseconds()).padStart(3, '0')}`;
  return format
    .replaceAll(/%([TFDR])/g, (_, one: string) => SHORT[one]!)
    .replaceAll(/%(.)/gs, (whole, one: string) => PARTS[one]?.(at) ?? whole);
}
