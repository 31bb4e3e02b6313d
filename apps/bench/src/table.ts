import { limitOf, type Verdict } from './claim.ts';
import { describeSpread, formatValue, type Measurement } from './measurement.ts';
import { describeClaim, groupsOf, type Report, type ScenarioReport } from './report.ts';

/** Everything, as text for a terminal. */
export function renderReport(report: Report): string {
  return [renderHeader(report), ...report.scenarios.map(renderScenario), renderClaims(report)].join('\n');
}

/** What all scenarios have found of what the project claims, below each other. */
export function renderClaims({ scenarios }: Report): string {
  const rows = scenarios.flatMap(({ name, verdicts }) =>
    verdicts.map((verdict) => {
      const [claim = '', ...rest] = verdictRow(verdict);
      return [`${name}: ${claim}`, ...rest];
    }),
  );
  return `== claims: ${summary(scenarios)}\n\n${align(rows)}\n`;
}

/** `2 met, 1 falls short, 1 not measured` */
function summary(scenarios: Report['scenarios']): string {
  const all = scenarios.flatMap(({ verdicts }) => verdicts);
  return (['met', 'falls short', 'not measured'] as const)
    .map((verdict) => `${all.filter((one) => one.verdict === verdict).length} ${verdict}`)
    .join(', ');
}

/** From here on other programs are seen in the figures. */
const BUSY = 1;

/** What there is to say against the figures. */
export function doubts({ machine, quick, outstanding }: Report): readonly string[] {
  return [
    ...(outstanding.length > 0
      ? [
          `The run was interrupted: ${outstanding.join(', ')} ${outstanding.length > 1 ? 'were' : 'was'} not asked.`,
        ]
      : []),
    ...(quick ? ['This was a run with --quick: too short to be believed.'] : []),
    ...(machine.load > BUSY
      ? [
          `The machine was busy when it began (load ${machine.load.toFixed(1)}): only large differences mean something.`,
        ]
      : []),
  ];
}

export function renderHeader(report: Report): string {
  const { machine, versions, missing } = report;
  const memory = Math.round(machine.memoryBytes / 2 ** 30);
  const rows = Object.entries(versions).map(([title, version]) => [`  ${title}`, version]);
  return [
    `${machine.cores} x ${machine.cpu}, ${memory} GB, ${machine.system}, ${machine.date.slice(0, 10)}`,
    ...doubts(report),
    '',
    align(rows),
    ...missing.map(({ peer, reason }) => `  ${peer} was left out: ${reason}`),
    '',
  ].join('\n');
}

function renderScenario({ name, title, measurements, verdicts, failed }: ScenarioReport): string {
  if (measurements.length === 0 && failed.length === 0) {
    return `== ${name}: ${title}\n\nNobody could be asked.\n`;
  }
  const groups = groupsOf(measurements).map((group) => {
    const ofGroup = measurements.filter((one) => one.group === group);
    const lines = [group, align(groupRows(ofGroup)), describeSpread(ofGroup)].filter((line) => line !== '');
    return `${lines.join('\n')}\n`;
  });
  return [
    `== ${name}: ${title}\n`,
    ...groups,
    ...failed.map(({ peer, reason }) => `${peer} could not be measured: ${reason.split('\n')[0]!}\n`),
    ...(verdicts.length === 0 ? [] : [`${align(verdicts.map(verdictRow))}\n`]),
  ].join('\n');
}

/** A line for each peer, a column for each quantity; the ratio is to the first peer. */
export function groupRows(measurements: readonly Measurement[]): string[][] {
  const peers = [...new Set(measurements.map((one) => one.peer))];
  const quantities = [...new Map(measurements.map(({ quantity }) => [quantity.name, quantity])).values()];
  const find = (peer: string | undefined, name: string): Measurement | undefined =>
    measurements.find((one) => one.peer === peer && one.quantity.name === name);
  const head = ['', ...quantities.flatMap(({ name }) => [name, ''])];
  const lines = peers.map((peer) => [
    peer,
    ...quantities.flatMap(({ name }) => cells(find(peer, name), find(peers[0], name))),
  ]);
  return [head, ...lines];
}

function cells(measured: Measurement | undefined, first: Measurement | undefined): string[] {
  if (!measured) return ['-', ''];
  const { value, quantity, note } = measured;
  const ratio =
    first && first !== measured && first.value > 0 && quantity.unit !== '%' && quantity.unit !== '';
  const remark = note ?? (ratio ? `x ${(value / first.value).toFixed(2)}` : '');
  return [formatValue(value, quantity), remark];
}

export function verdictRow(verdict: Verdict): string[] {
  const { claim, measured, shortBy } = verdict;
  const bound = 'most' in claim.limit ? 'at most' : 'at least';
  const short = shortBy === undefined ? '' : ` by ${(shortBy * 100).toFixed(0)} %`;
  return [
    describeClaim(claim),
    measured === undefined ? '' : inTermsOf(verdict, measured),
    `${bound} ${inTermsOf(verdict, limitOf(claim))}`,
    `${verdict.verdict}${short}`,
  ];
}

function inTermsOf({ claim }: Verdict, value: number): string {
  if (claim.against === undefined) return formatValue(value, claim.quantity);
  if (claim.by === 'difference')
    return `${value < 0 ? '-' : '+'} ${formatValue(Math.abs(value), claim.quantity)}`;
  return `x ${value.toFixed(2)}`;
}

/** Names to the left, everything else to the right. */
function align(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
