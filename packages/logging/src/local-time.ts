const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `+0530`. `getTimezoneOffset` counts the other way round: minutes to add to local time to get UTC. */
export function offset(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}${two(distance % 60)}`;
}

function clock(now: Date): string {
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}

/**
 * A time stamp without fractions is made once a second, and so is the date it shows, however many lines carry it. Of
 * milliseconds since 1970.
 */
function oncePerSecond(render: (now: Date) => string): (now: number) => string {
  let second = Number.NaN;
  let text = '';
  return (now) => {
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      text = render(new Date(now));
    }
    return text;
  };
}

/** `[2026-11-20 21:29:06 +0000]`, as Gunicorn's error log begins, in local time. */
export const errorLogTime: (now: number) => string = oncePerSecond(
  (now) =>
    `[${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${clock(now)} ${offset(now)}]`,
);

/** `[20/Nov/2026:21:29:08 +0000]`, the `t` of the access log, in local time. */
export const accessLogTime: (now: number) => string = oncePerSecond(
  (now) =>
    `[${two(now.getDate())}/${MONTHS[now.getMonth()]}/${now.getFullYear()}:${clock(now)} ${offset(now)}]`,
);

const isoSecond = oncePerSecond((now) => now.toISOString().slice(0, 20));

/** `2026-11-20T21:29:08.123Z`, as `toISOString` at a tenth of its cost. */
export function isoTime(now: number): string {
  return `${isoSecond(now)}${String(Math.floor(now) % 1000).padStart(3, '0')}Z`;
}
