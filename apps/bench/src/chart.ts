import { formatValue } from './measurement.ts';
import { groupsOf, type ScenarioReport } from './report.ts';

/** Bars that are compared with each other. */
export interface Panel {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  /** One of ours. */
  readonly isOurs: boolean;
}

const WIDTH = 760;
const LABELS = 230;
const VALUES = 110;
const ROW = 22;
const BAR = 14;
const HEADING = 34;
const MARGIN = 16;

// Inside the file, so that it also follows the reader's choice where it is shown as an image.
const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .heading { font-weight: 600; }
    .value { font-variant-numeric: tabular-nums; }
    .page { fill: #ffffff; }
    .ours { fill: #1a7f5a; }
    .theirs { fill: #8c959f; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .page { fill: #0d1117; }
      .ours { fill: #3fb98a; }
      .theirs { fill: #6e7681; }
    }`;

/** A panel for each drawn quantity in each group, the best of it first. */
export function panelsOf({ measurements, drawn }: ScenarioReport): Panel[] {
  return drawn.flatMap((quantity) =>
    groupsOf(measurements).flatMap((group): Panel[] => {
      const found = measurements.filter((one) => one.group === group && one.quantity.name === quantity.name);
      if (found.length === 0) return [];
      const sorted = found.toSorted((a, b) =>
        quantity.better === 'less' ? a.value - b.value : b.value - a.value,
      );
      return [
        {
          heading: [quantity.name, group, `${quantity.better} is better`]
            .filter((part) => part !== '')
            .join(', '),
          bars: sorted.map(({ peer, value }) => ({
            label: peer,
            value,
            text: formatValue(value, quantity),
            isOurs: peer.startsWith('gunicorn-ts'),
          })),
        },
      ];
    }),
  );
}

/** Panels of bars below each other, readable on light and on dark. */
export function renderChart(title: string, panels: readonly Panel[]): string {
  let y = MARGIN + 20;
  const parts = [`<text class="title" x="${MARGIN}" y="${y}">${escapeXml(title)}</text>`];
  for (const { heading, bars } of panels) {
    y += HEADING;
    parts.push(`<text class="heading" x="${MARGIN}" y="${y}">${escapeXml(heading)}</text>`);
    const greatest = Math.max(...bars.map(({ value }) => value));
    for (const bar of bars) {
      y += ROW;
      parts.push(renderBar(bar, y, greatest));
    }
  }
  const height = y + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">
  <style>${STYLE}
  </style>
  <rect class="page" width="${WIDTH}" height="${height}"/>
  ${parts.join('\n  ')}
</svg>
`;
}

/** @param y of the line that the text stands on */
function renderBar({ label, value, text, isOurs }: Bar, y: number, greatest: number): string {
  const room = WIDTH - LABELS - VALUES - 2 * MARGIN;
  // A sliver is left where there is next to nothing, so that it is seen to be measured.
  const width = greatest > 0 ? Math.max(1, (value / greatest) * room) : 1;
  const from = MARGIN + LABELS;
  return [
    `<text x="${from - 8}" y="${y}" text-anchor="end">${escapeXml(label)}</text>`,
    `<rect class="${isOurs ? 'ours' : 'theirs'}" x="${from}" y="${y - 12}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
    `<text class="value" x="${(from + width + 6).toFixed(1)}" y="${y}">${escapeXml(text)}</text>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
