/** A drawing of boxes and arrows that is readable on light and on dark, as an image too. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  /** `main` is what the drawing is about, `other` what stands around it, `bad` what went wrong. */
  readonly look: 'main' | 'other' | 'bad';
}

const LINE = 17;

// Inside the file, so that it also follows the reader's choice where it is shown as an image.
const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .first { font-weight: 600; }
    .note { font-size: 12px; fill: #59636e; }
    .page { fill: #ffffff; }
    rect.main { fill: #dff4ea; stroke: #1a7f5a; }
    rect.other { fill: #f3f5f7; stroke: #8c959f; }
    rect.bad { fill: #ffebe6; stroke: #c4461f; }
    .arrow { fill: none; stroke: #59636e; stroke-width: 1.2; }
    .head { fill: #59636e; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .note { fill: #9198a1; }
      .page { fill: #0d1117; }
      rect.main { fill: #12382a; stroke: #3fb98a; }
      rect.other { fill: #1c2129; stroke: #6e7681; }
      rect.bad { fill: #3d1d14; stroke: #f0825d; }
      .arrow { stroke: #9198a1; }
      .head { fill: #9198a1; }
    }`;

/** A box with its lines in the middle of it. */
export function box({ x, y, width, height, lines, look }: Box): string {
  const top = y + height / 2 - ((lines.length - 1) * LINE) / 2 + 4.5;
  return [
    `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    ...lines.map(
      (line, index) =>
        `<text class="${index === 0 ? 'first' : 'note'}" x="${x + width / 2}" y="${top + index * LINE}" text-anchor="middle">${escapeXml(line)}</text>`,
    ),
  ].join('');
}

/** A straight arrow, with its label in the middle. */
export function arrow(from: Point, to: Point, label = ''): string {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const beside = from.x === to.x ? `x="${x + 7}" y="${y + 4}"` : `x="${x}" y="${y - 7}" text-anchor="middle"`;
  const words = label === '' ? '' : `<text class="note" ${beside}>${escapeXml(label)}</text>`;
  return `<path class="arrow" marker-end="url(#head)" d="M${from.x} ${from.y}L${to.x} ${to.y}"/>${words}`;
}

/** An arrow to the next row: down, along, and down again. */
export function turn(from: Point, to: Point): string {
  const y = (from.y + to.y) / 2;
  return `<path class="arrow" marker-end="url(#head)" d="M${from.x} ${from.y}V${y}H${to.x}V${to.y}"/>`;
}

/** A line without a head that leaves downwards and arrives from above. */
export function thread(from: Point, to: Point): string {
  const bend = (to.y - from.y) / 2;
  return `<path class="arrow" opacity="0.55" d="M${from.x} ${from.y}C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}"/>`;
}

export function note({ x, y }: Point, text: string): string {
  return `<text class="note" x="${x}" y="${y}">${escapeXml(text)}</text>`;
}

export function drawing(
  title: string,
  { width, height }: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
  <style>${STYLE}
  </style>
  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
  <rect class="page" width="${width}" height="${height}"/>
  <text class="title" x="16" y="30">${escapeXml(title)}</text>
  ${parts.join('\n  ')}
</svg>
`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
