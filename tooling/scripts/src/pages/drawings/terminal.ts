import { escapeXml } from './svg.ts';

/** A line of a terminal: what somebody types, or what is answered. */
export interface TerminalLine {
  readonly text: string;
  readonly look: 'typed' | 'plain' | 'quiet' | 'bad';
}

const CHARACTER = 7.23;
const LINE = 18;
const MARGIN = 18;
const BAR = 34;

// Inside the file, so that it also follows the reader's choice where it is shown as an image.
const STYLE = `
    text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre; }
    .typed { font-weight: 600; }
    .quiet { fill: #59636e; }
    .bad { fill: #b3261e; }
    .prompt { fill: #1a7f5a; font-weight: 600; }
    .page { fill: #f6f8fa; stroke: #d1d9e0; }
    .light { fill: #c8d1da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9198a1; }
      .bad { fill: #ff8f7a; }
      .prompt { fill: #3fb98a; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .light { fill: #3d444d; }
    }`;

/** A terminal with these lines in it, readable on light and on dark. */
export function drawTerminal(title: string, lines: readonly TerminalLine[]): string {
  const columns = Math.max(...lines.map(({ text, look }) => text.length + (look === 'typed' ? 2 : 0)));
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  const lights = [0, 1, 2].map((at) => `<circle class="light" cx="${MARGIN + 6 + at * 18}" cy="19" r="5"/>`);
  const words = lines.map(({ text, look }, at) => {
    const prompt = look === 'typed' ? '<tspan class="prompt">$ </tspan>' : '';
    const y = BAR + (at + 1) * LINE - 4;
    return `<text class="${look}" x="${MARGIN}" y="${y}" xml:space="preserve">${prompt}${escapeXml(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
  <style>${STYLE}
  </style>
  <rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
  ${lights.join('')}
  ${words.filter((_, at) => lines[at]!.text !== '').join('\n  ')}
</svg>
`;
}

/** A log line without its date and pid, as a terminal shows it to somebody who watches. */
export function lookOf(text: string): TerminalLine['look'] {
  if (/\[(?:CRITICAL|ERROR)\]|^ +stuck in|^ +at |^ +in flight|^ +GET /.test(text)) return 'bad';
  return /\[INFO\]/.test(text) ? 'quiet' : 'plain';
}
