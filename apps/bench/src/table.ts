import { comparedValue, type Figure, verdict } from './figure.ts';

const HEAD = ['figure', 'value', 'against', 'compared', 'at most', ''];

/** The figures as a text table, one line each. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function row(figure: Figure): string[] {
  const { baseline, target } = figure;
  return [
    figure.name,
    `${number(figure.value)} ${figure.unit}`,
    baseline ? `${number(baseline.value)} (${baseline.peer})` : '',
    compared(figure, comparedValue(figure)),
    target === undefined ? '' : compared(figure, target) || number(target),
    target === undefined ? '' : verdict(figure),
  ];
}

/** A number in the terms in which the figure is compared; empty when it is compared with nothing. */
function compared(figure: Figure, value: number): string {
  if (!figure.baseline) return '';
  if (figure.compare === 'ratio') return `x ${value.toFixed(2)}`;
  return `${value < 0 ? '-' : '+'} ${number(Math.abs(value))}`;
}

function number(value: number): string {
  return Number.isInteger(value) || value >= 1000 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1);
}
