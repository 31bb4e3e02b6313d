import type { Entry } from '../load/ledger.ts';
import { holds, type Outcome, requestsByClient } from '../outcome.ts';
import { escapeXml } from './escape.ts';
import { renderEntry } from './text.ts';

const WIDTH = 1080;
const HEIGHT = 320;
const LEFT = 56;
const TOP = 46;
/** Answered requests that are drawn at most: more are no picture any more. Lost ones are drawn all. */
const MOST_DOTS = 6000;

const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --page: #fff; --quiet: #59636e; --dot: #1a7f5a; --bad: #c4461f; --band: #dde4ea; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --page: #0d1117; --quiet: #9198a1; --dot: #3fb98a; --bad: #ff7b52; --band: #262d36; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1120px; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--quiet); }
.dot { fill: var(--dot); opacity: .45; } .lost { fill: var(--bad); } .band { fill: var(--band); } .axis { stroke: var(--quiet); }
table { border-collapse: collapse; width: 100%; } td { padding: .3rem .6rem; border-top: 1px solid var(--band); vertical-align: top; }
.bad { color: var(--bad); font-weight: 600; } code { font-size: .9em; } .scroll { overflow-x: auto; }`;

/** The outcome as one page without any outside request: the time line with requests as dots and events as bands. */
export function renderPage(outcome: Outcome, again: string): string {
  const { subject, seed, seconds, rate, verdicts, entries } = outcome;
  const clients = Object.entries(requestsByClient(entries)).map(([client, count]) => `${client} ${count}`);
  const rows = verdicts.map(
    ({ property, holds: good, detail, lost }) =>
      `<tr><td class="${good ? '' : 'bad'}">${good ? '✔' : '✘'}</td><td>${escapeXml(property)}</td><td>${escapeXml(detail)}${good ? '' : list(lost)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>gunicorn verify: ${holds(outcome) ? 'all holds' : 'broken'}</title><style>${STYLE}</style></head>
<body><h1>gunicorn verify <code>${escapeXml(subject)}</code></h1>
<p>${entries.length} requests (${clients.join(', ')}) in ${seconds} s, ${rate} a second, seed ${seed}. ${holds(outcome) ? 'All properties hold.' : `Again: <code>${escapeXml(again)}</code>`}</p>
${timeLine(outcome)}
<div class="scroll"><table>${rows.join('\n')}</table></div>
</body></html>
`;
}

function list(lost: readonly Entry[]): string {
  return lost.length === 0 ? '' : `<br>${lost.map((entry) => escapeXml(renderEntry(entry))).join('<br>')}`;
}

/** Time to the right, the time to the answer upwards (by its logarithm). */
function timeLine({ entries, happened }: Outcome): string {
  const last = Math.max(1, ...entries.map(({ endedAt }) => endedAt));
  const x = (at: number): string => (LEFT + (at / last) * (WIDTH - LEFT - 10)).toFixed(1);
  const y = (ms: number): string => {
    const up = Math.min(1, Math.log10(1 + Math.max(0, ms)) / 4);
    return (HEIGHT - 30 - up * (HEIGHT - 30 - TOP)).toFixed(1);
  };
  const bands = happened.map(({ name, from, to }, index) => {
    const width = Math.max(1.5, Number(x(to)) - Number(x(from)));
    const label = `<text x="${x(from)}" y="${12 + (index % 3) * 12}">${name}</text>`;
    return `<rect class="band" x="${x(from)}" y="${TOP - 4}" width="${width.toFixed(1)}" height="${HEIGHT - 26 - TOP}"/>${label}`;
  });
  const answered = entries.filter(({ outcome }) => outcome === 'answered');
  const every = Math.max(1, Math.ceil(answered.length / MOST_DOTS));
  const dots = [
    ...answered.filter((_, index) => index % every === 0),
    ...entries.filter(({ outcome }) => outcome === 'lost'),
  ].map((entry) => {
    const isLost = entry.outcome === 'lost';
    const title = isLost ? `<title>${escapeXml(renderEntry(entry))}</title>` : '';
    const at = `cx="${x(entry.startedAt)}" cy="${y(entry.endedAt - entry.startedAt)}"`;
    return `<circle class="${isLost ? 'lost' : 'dot'}" ${at} r="${isLost ? 4.5 : 1.6}">${title}</circle>`;
  });
  const scale = [1, 10, 100, 1000, 10_000].map(
    (ms) =>
      `<text x="${LEFT - 8}" y="${Number(y(ms)) + 4}" text-anchor="end">${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}</text>`,
  );
  const end = `<text x="${WIDTH - 10}" y="${HEIGHT - 8}" text-anchor="end">${(last / 1000).toFixed(0)} s</text>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Requests over time">${bands.join('')}<line class="axis" x1="${LEFT}" x2="${WIDTH - 10}" y1="${HEIGHT - 26}" y2="${HEIGHT - 26}"/>${scale.join('')}${end}${dots.join('')}</svg>`;
}
