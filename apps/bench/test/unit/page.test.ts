import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { judge, type Claim } from '../../src/claim.ts';
import { renderPage } from '../../src/page.ts';
import { CPU, FAILED } from '../../src/quantity.ts';
import { readPublished, writePublished } from '../../src/published.ts';
import { withFigures } from '../../src/readme.ts';
import type { Report } from '../../src/report.ts';
import { publishResults, writeResults } from '../../src/results.ts';

const claim: Claim = {
  quantity: CPU,
  group: '8 clients',
  peer: 'sync',
  against: 'nginx',
  limit: { most: 1 },
};
const measurements = [
  { peer: 'sync', group: '8 clients', quantity: CPU, value: 18 },
  { peer: 'sync', group: '8 clients', quantity: FAILED, value: 3, note: '3 reset' },
  { peer: 'nginx', group: '8 clients', quantity: CPU, value: 27 },
];
const report: Report = {
  machine: {
    date: '2026-01-02T03:04:05.000Z',
    node: 'v24.0.0',
    system: 'linux 6.1 x64',
    cpu: 'A | B',
    cores: 2,
    memoryBytes: 8 * 2 ** 30,
    load: 0.1,
  },
  quick: false,
  outstanding: [],
  versions: { nginx: '1.22.1', sync: '1.0.0' },
  missing: [{ peer: 'Bun', reason: 'bun could not be installed' }],
  scenarios: [
    {
      name: 'connection',
      title: 'A connection for each request',
      about: 'What it costs.',
      measurements,
      verdicts: [judge(claim, measurements)],
      drawn: [CPU],
      failed: [{ peer: 'PM2', reason: 'it ended\nand printed this' }],
      seconds: 60,
    },
  ],
};

test('the page says on what was measured, what is claimed, what was found, and who is missing', (t) => {
  const page = renderPage(report);
  t.regex(page, /2026-01-02: 2 cores of A \| B, 8 GB, `linux 6\.1 x64`/);
  t.regex(page, /Of the 1 limits .* met 1\./);
  t.true(page.includes('| CPU per request, 8 clients: sync against nginx | x 0.67 | at most x 1.00 | met |'));
  t.true(page.includes('| sync | 18 µs | 3 (3 reset) |'));
  t.true(page.includes('| nginx | 27 µs (x 1.50) | - |'));
  t.true(page.includes('![A connection for each request](benchmarks/connection.svg)'));
  t.regex(page, /PM2 could not be measured: it ended\n/);
  t.regex(page, /Bun was left out: bun could not be installed\.\n/);
  t.regex(page, /pnpm bench --minutes 1\n/);
});

test('what speaks against the figures stands above them', (t) => {
  t.notRegex(renderPage(report), /busy/);
  const busy = renderPage({ ...report, machine: { ...report.machine, load: 7.3 } });
  t.regex(busy, /busy when it began \(load 7\.3\)/);
});

test('an interrupted run says what it was not asked', (t) => {
  t.notRegex(renderPage(report), /interrupted/);
  t.regex(renderPage({ ...report, outstanding: ['idle', 'boot'] }), /interrupted: idle, boot were not asked/);
});

test('what is published is one run: its figures, its charts, and the page', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [results, docs] = [join(folder, 'results'), join(folder, 'docs')];
  writeFileSync(join(folder, 'README.md'), readFileSync(join(root, 'README.md')));
  writeResults({ ...report, scenarios: [{ ...report.scenarios[0]!, name: 'earlier' }] }, results);
  writeResults(report, results);
  publishResults(results, folder);
  t.deepEqual(readdirSync(join(docs, 'benchmarks')).toSorted(), ['connection.svg', 'results.json']);
  t.is(readFileSync(join(docs, 'benchmarks.md'), 'utf8'), renderPage(report));
});

test('a figure is a line of what is published, and a run is what it was but for digits that mean nothing', (t) => {
  const [scenario] = report.scenarios;
  const rounds = [58.81374364635729, 61.3];
  const measured = [{ ...measurements[0]!, value: 58.81374364635729, rounds }, ...measurements.slice(1)];
  const text = writePublished({ ...report, scenarios: [{ ...scenario!, measurements: measured }] });
  t.is(text.split('\n').filter((line) => line.includes('"value":')).length, measured.length);
  const [first, ...rest] = readPublished(text).scenarios[0]!.measurements;
  t.deepEqual(first, { ...measured[0]!, value: 58.814, rounds: [58.814, 61.3] });
  t.deepEqual(rest, measurements.slice(1));
  t.is(writePublished(readPublished(text)), text);
});

test('two quantities of one name cannot be published', (t) => {
  const [scenario] = report.scenarios;
  const other = { ...measurements[0]!, quantity: { ...CPU, unit: 'ms' as const } };
  const mixed = { ...report, scenarios: [{ ...scenario!, measurements: [...measurements, other] }] };
  t.throws(() => writePublished(mixed), { message: /two quantities are called CPU per request/ });
});

test('the README has of a run what readers ask first, ours in bold, and says on what it was measured', (t) => {
  const values = [
    { peer: 'gunicorn-ts sync', group: '8 clients', quantity: CPU, value: 18 },
    { peer: 'Gunicorn sync', group: '8 clients', quantity: CPU, value: 90 },
  ];
  const found = { ...report, scenarios: [{ ...report.scenarios[0]!, measurements: values }] };
  const before =
    'a\n<!-- figures: `pnpm bench:publish` writes what stands here -->\n\nold\n\n<!-- /figures -->\nb\n';
  const text = withFigures(before, found);
  t.true(text.includes('of its own, 8 clients: **gunicorn-ts sync 18 µs**, Gunicorn sync 90 µs\n'));
  t.regex(text, /On 2026-01-02: 2 cores of A \| B/);
  t.notRegex(text, /old|kept connection|null/);
  t.is(withFigures(text, found), text);
  t.throws(() => withFigures('no marks', found), { message: /has no/ });
});

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const docs = join(root, 'docs');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the page in the documentation is the one of its figures, and its charts are there', (t) => {
  if (!existsSync(join(docs, 'benchmarks.md'))) {
    t.false(existsSync(join(docs, 'benchmarks')), 'there are figures without a page: `pnpm bench:publish`');
    t.is(readme, withFigures(readme, undefined));
    return;
  }
  const published = readPublished(readFileSync(join(docs, 'benchmarks/results.json'), 'utf8'));
  t.false(published.quick);
  const page = readFileSync(join(docs, 'benchmarks.md'), 'utf8');
  t.is(page, renderPage(published), 'write it again with `pnpm bench:publish`');
  t.is(readme, withFigures(readme, published), 'write it again with `pnpm bench:publish`');
  for (const [, chart = ''] of page.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
    t.true(existsSync(join(docs, chart)), `${chart} is missing`);
  }
});
