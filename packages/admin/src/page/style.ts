/** The look of the page. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #1a1d23; --soft: #5d6675; --line: #dfe3ea;
  --blue: #2f6fde; --good: #1d8a4c; --warn: #b26a00; --bad: #c62f2f; --calm: #e8edf5; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --card: #1d2128; --ink: #e7eaf0; --soft: #98a2b3;
  --line: #2e343e; --blue: #6ea1ff; --good: #4cc780; --warn: #e8a33d; --bad: #ff6f6f; --calm: #262c36; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.25rem clamp(0.75rem, 3vw, 2rem); background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1100px; margin: 0 auto; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1rem; margin-bottom: 1rem; }
h1 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 0.95rem; margin: 0 0 0.6rem; }
.soft { color: var(--soft); }
.badge { margin-left: auto; padding: 0.1rem 0.7rem; border-radius: 1rem; color: #fff; background: var(--good); font-weight: 600; }
.badge.off { background: var(--bad); }
@media (prefers-color-scheme: dark) { .badge { color: #10131a; } }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1rem; margin-bottom: 0.9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 0.9rem; padding: 0; border: 0; background: none; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.7rem 0.9rem; }
.tile b { display: block; font-size: 1.45rem; line-height: 1.25; }
svg { display: block; width: 100%; height: 28px; margin-top: 0.35rem; }
polyline { fill: none; stroke: var(--blue); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.workers { display: grid; grid-template-columns: repeat(auto-fill, minmax(235px, 1fr)); gap: 0.6rem; }
.worker { border: 1px solid var(--line); border-left: 5px solid var(--soft); border-radius: 8px; padding: 0.5rem 0.7rem; min-width: 0; }
.worker.idle { border-left-color: var(--good); } .worker.busy { border-left-color: var(--blue); }
.worker.hung { border-left-color: var(--bad); } .worker.booting, .worker.draining { border-left-color: var(--warn); }
.worker p { margin: 0; } .worker .now { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-height: 1.45em; }
.hung strong { color: var(--bad); }
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 0.2rem 0.7rem; align-items: center; }
.bars svg { height: 0.7rem; margin: 0; border-radius: 3px; } rect { fill: var(--blue); } .calm { fill: var(--calm); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0.9rem; margin-bottom: 0.9rem; }
.pair section { margin: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 0.15rem 0.8rem 0.15rem 0; font-weight: inherit; vertical-align: top; }
th { width: 1%; white-space: nowrap; }
td:last-child { padding-right: 0; overflow-wrap: anywhere; } .trouble { color: var(--bad); } .lost { color: var(--bad); }
`;
