import { panelsOf } from './chart.ts';
import { describeSpread } from './measurement.ts';
import { groupsOf, type Report, type ScenarioReport } from './report.ts';
import { doubts, groupRows, verdictRow } from './table.ts';

/** Where the page expects the chart of a scenario, seen from the page. */
export function chartPath(scenario: string): string {
  return `benchmarks/${scenario}.svg`;
}

/** The page `docs/benchmarks.md`. */
export function renderPage(report: Report): string {
  const { versions, missing, scenarios } = report;
  const verdicts = scenarios.flatMap((scenario) => scenario.verdicts);
  const met = verdicts.filter(({ verdict }) => verdict === 'met').length;
  return [
    '<!-- Made from benchmarks/results.json by `pnpm bench:publish`; run that, do not change this page. -->',
    '# Benchmarks',
    `One run of \`pnpm bench\` on ${machineOf(report)}. Everybody is measured in turn on the same machine in the same run, so the ratios say more ` +
      'than the figures. Yours will differ: run it. ' +
      '[apps/bench](../apps/bench/README.md) says how, and what each scenario asks.',
    ...doubts(report),
    `Of the ${verdicts.length} limits that the project has set itself, this run met ${met}.`,
    ...scenarios.filter(({ measurements }) => measurements.length > 0).map(renderScenario),
    '## Versions',
    Object.entries(versions)
      .map(([title, version]) => `- ${title}: ${version}`)
      .join('\n'),
    ...missing.map(({ peer, reason }) => `${peer} was left out: ${reason}.`),
    '## To repeat it',
    'In a clone of this repository, with `wrk` and `nginx` of the system, and nothing else at work on the machine:',
    `\`\`\`sh\npnpm install\npnpm bench --minutes ${minutesOf(scenarios)}\npnpm bench:publish\n\`\`\``,
    '`--only keep-alive --peers event,node,nginx` asks less. [The figures of each round](benchmarks/results.json) lie beside this page.',
  ]
    .join('\n\n')
    .concat('\n');
}

/** `2026-01-02: 2 cores of …, 8 GB`, and the system as code: in prose fonts make a sign of multiplication of its `x`. */
export function machineOf({ machine }: Pick<Report, 'machine'>): string {
  const { date, cores, cpu, memoryBytes, system } = machine;
  const memory = Math.round(memoryBytes / 2 ** 30);
  return `${date.slice(0, 10)}: ${cores} cores of ${cpu}, ${memory} GB, \`${system}\``;
}

function minutesOf(scenarios: Report['scenarios']): number {
  const seconds = scenarios.reduce((sum, one) => sum + one.seconds, 0);
  return Math.max(1, Math.ceil(seconds / 60));
}

function renderScenario(scenario: ScenarioReport): string {
  const { name, title, about, measurements, verdicts, failed } = scenario;
  const groups = groupsOf(measurements).map((group) => {
    const ofGroup = measurements.filter((one) => one.group === group);
    const heading = group === '' ? '' : `**${capital(group)}**`;
    const parts = [heading, table(groupRows(ofGroup).map(joinPairs)), describeSpread(ofGroup)];
    return parts.filter((part) => part !== '').join('\n\n');
  });
  return [
    `## ${title}`,
    about,
    ...(panelsOf(scenario).length === 0 ? [] : [`![${title}](${chartPath(name)})`]),
    ...(verdicts.length === 0
      ? []
      : [table([['the limit is for', 'measured', 'limit', ''], ...verdicts.map(verdictRow)])]),
    ...groups,
    ...failed.map(({ peer, reason }) => `${peer} could not be measured: ${reason.split('\n')[0]!}`),
  ].join('\n\n');
}

/** The value and the remark beside it become one cell. */
function joinPairs([first = '', ...pairs]: readonly string[]): string[] {
  const cells = [first];
  for (let index = 0; index < pairs.length; index += 2) {
    const remark = pairs[index + 1]!;
    cells.push(`${pairs[index]!}${remark === '' ? '' : ` (${remark})`}`);
  }
  return cells;
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
