import { html, type Html } from './html.ts';

const WIDTH = 120;
const HEIGHT = 28;

/** A line through the numbers, the last one at the right edge. */
export function sparkline(numbers: readonly number[]): Html {
  const most = Math.max(...numbers, Number.MIN_VALUE);
  const step = WIDTH / Math.max(1, numbers.length - 1);
  const points = numbers.map(
    (number, index) =>
      `${(index * step).toFixed(1)},${(HEIGHT - 1 - (number / most) * (HEIGHT - 2)).toFixed(1)}`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <polyline points="${points.join(' ')}" />
  </svg>`;
}
