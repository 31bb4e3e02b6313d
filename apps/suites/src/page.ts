import { explain } from './explanations.ts';
import type { SuiteRecord, Tally } from './record.ts';
import { SERVERS } from './server-under-test.ts';

const [NODE, ...ENGINES] = SERVERS;

/** What came of all suites, as a page. */
export function renderPage(records: readonly SuiteRecord[]): string {
  const head = ['suite', 'version', 'commit', 'run on', ...SERVERS.map(({ title }) => title), 'differ'];
  const table = renderTable([head, ...records.map(rowOf)]);
  return `# Suites of others, on node:http and on the engine

Passed / failed tests of each suite, run unchanged. \`pnpm suites\` runs them and writes this page; [README](README.md) says
how. A suite in which anything differed has been run twice: tests that passed once and failed once stand behind as
"unsteady". \`differ\` counts the tests that end otherwise on the engine than on Node's own server, both times.

${table}

## Differences

${renderDifferences(records)}
`;
}

function rowOf({ suite, version, commit, date, nodeVersion, tallies }: SuiteRecord): string[] {
  const cells = SERVERS.map(({ name }) => renderTally(tallies[name]));
  return [suite, version, commit, `${date}, Node ${nodeVersion}`, ...cells, String(titlesOf(tallies).length)];
}

function renderTally({ passed, failed, unsteady, trouble }: Tally): string {
  const figures = `${passed} / ${failed}${unsteady > 0 ? `, ${unsteady} unsteady` : ''}`;
  return trouble === undefined ? figures : `${figures}, not to its end`;
}

function renderDifferences(records: readonly SuiteRecord[]): string {
  const sections = records.flatMap(({ suite, tallies }) => {
    const lines = titlesOf(tallies).map((title) => `- ${renderDifference(suite, title, tallies)}`);
    return lines.length === 0 ? [] : [`### ${suite}\n\n${lines.join('\n')}`];
  });
  return sections.length === 0 ? 'None.' : sections.join('\n\n');
}

function titlesOf(tallies: SuiteRecord['tallies']): string[] {
  return [...new Set(ENGINES.flatMap(({ name }) => tallies[name].differences.map(({ title }) => title)))];
}

function renderDifference(suite: string, title: string, tallies: SuiteRecord['tallies']): string {
  const standings = ENGINES.flatMap((server) => {
    const found = tallies[server.name].differences.find((one) => one.title === title);
    return found ? [`${found.onEngine} on the ${server.title}, ${found.onNode} on ${NODE!.title}`] : [];
  });
  const reason = explain(suite, title) ?? 'Not explained yet.';
  return `\`${title.replaceAll('`', "'")}\`: ${standings.join('; ')}. ${reason}`;
}

/** As the formatter of this repository wants it. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
