const ESCAPE = String.fromCodePoint(27);
/** `SGR` of ECMA-48. */
const SET_LOOK = new RegExp(`${ESCAPE}\\[([\\d;]*)m`);
const COLORS: Readonly<Record<string, string>> = { 31: '#ff6f6f', 32: '#4cc780', 33: '#e8a33d' };

/** What a terminal shows, with its colors, as a page. Pure. */
export function terminalPage(screen: string): string {
  let color: string | undefined;
  let isInverse = false;
  // Each piece of text behind the sequence that sets its look.
  const pieces = screen.split(SET_LOOK);
  const text = pieces.map((piece, index) => {
    if (index % 2 === 0) return span(piece, color, isInverse);
    for (const code of piece.split(';')) {
      if (code === '' || code === '0') [color, isInverse] = [undefined, false];
      else if (code === '39') color = undefined;
      else if (code === '7' || code === '27') isInverse = code === '7';
      else color = COLORS[code] ?? color;
    }
    return '';
  });
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #14171c; }
pre { display: inline-block; margin: 0; padding: 12px 14px; color: #e7eaf0; font: 14px/1.35 "DejaVu Sans Mono", monospace; }
</style><pre>${text.join('')}</pre>`;
}

function span(text: string, color: string | undefined, isInverse: boolean): string {
  const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const ink = color ?? '#e7eaf0';
  if (isInverse) return `<span style="color: #14171c; background: ${ink}">${shown}</span>`;
  return color === undefined ? shown : `<span style="color: ${ink}">${shown}</span>`;
}
