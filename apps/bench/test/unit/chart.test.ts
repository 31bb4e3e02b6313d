import test from 'ava';
import { type Bar, panelsOf, renderChart } from '../../src/chart.ts';
import type { Measurement } from '../../src/measurement.ts';
import { CPU, RATE } from '../../src/quantity.ts';

function bar(label: string, value: number): Bar {
  return { label, value, text: `${value} µs`, isOurs: label.startsWith('gunicorn-ts') };
}

function widths(svg: string): number[] {
  return [...svg.matchAll(/class="(?:ours|theirs)"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
}

test('bars are as long as their values, and the longest fills the room', (t) => {
  const svg = renderChart('Cost', [
    { heading: 'CPU', bars: [bar('gunicorn-ts sync', 10), bar('nginx', 40)] },
  ]);
  const [ours = 0, theirs = 0] = widths(svg);
  t.is(ours * 4, theirs);
  t.regex(svg, /class="ours"[^]*class="theirs"/);
});

test('each panel has a scale of its own', (t) => {
  const panels = [10, 1000].map((value) => ({ heading: 'CPU', bars: [bar('nginx', value)] }));
  const [first, second] = widths(renderChart('Cost', panels));
  t.is(first, second);
});

test('nothing at all still leaves a sliver', (t) => {
  t.deepEqual(widths(renderChart('Failed', [{ heading: 'failed', bars: [bar('nginx', 0)] }])), [1]);
});

test('what has a meaning in XML is escaped', (t) => {
  const svg = renderChart('a < b & "c"', [{ heading: '<script>', bars: [bar('x>y', 1)] }]);
  t.notRegex(svg, /<script>|"c"|a < b/);
  t.regex(svg, /a &lt; b &amp; &quot;c&quot;/);
  t.regex(svg, /x&gt;y/);
});

test('the picture follows the colour scheme and is tall enough for its last bar', (t) => {
  const bars = Array.from({ length: 30 }, (_, index) => bar(`peer ${index}`, index));
  const svg = renderChart('Many', [{ heading: 'CPU', bars }]);
  t.regex(svg, /prefers-color-scheme: dark/);
  const height = Number(/ height="(\d+)"/.exec(svg)?.[1]);
  const lowest = Math.max(...[...svg.matchAll(/ y="(\d+)"/g)].map(([, y]) => Number(y)));
  t.true(lowest < height);
});

test('there is a panel for each drawn quantity in each group, the best first', (t) => {
  const measurement = (peer: string, group: string, value: number): Measurement => ({
    peer,
    group,
    quantity: RATE,
    value,
  });
  const panels = panelsOf({
    name: 'connection',
    title: '',
    about: '',
    measurements: [measurement('slow', '8', 1), measurement('fast', '8', 2), measurement('slow', '64', 3)],
    verdicts: [],
    drawn: [RATE, CPU],
    failed: [],
    seconds: 1,
  });
  t.deepEqual(
    panels.map(({ heading, bars }) => [heading, bars.map(({ label }) => label)]),
    [
      ['requests per second, 8, more is better', ['fast', 'slow']],
      ['requests per second, 64, more is better', ['slow']],
    ],
  );
});
