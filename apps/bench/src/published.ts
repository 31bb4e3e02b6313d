import type { Claim, Verdict } from './claim.ts';
import type { Measurement } from './measurement.ts';
import type { Quantity } from './quantity.ts';
import type { Report, ScenarioReport } from './report.ts';

/** More digits than this say nothing of a figure whose rounds lie percents apart. */
const DIGITS = 5;

type Named<T extends { readonly quantity: Quantity }> = Omit<T, 'quantity'> & { readonly quantity: string };
type WrittenVerdict = Omit<Verdict, 'claim'> & { readonly claim: Named<Claim> };
type WrittenScenario = Omit<ScenarioReport, 'measurements' | 'verdicts' | 'drawn'> & {
  readonly drawn: readonly string[];
  readonly verdicts: readonly WrittenVerdict[];
  readonly measurements: readonly Named<Measurement>[];
};
type Written = Omit<Report, 'scenarios'> & {
  readonly quantities: Readonly<Record<string, Quantity>>;
  readonly scenarios: readonly WrittenScenario[];
};

/** A report as it is published: a line for each figure, so that two runs can be compared by their lines. */
export function writePublished(report: Report): string {
  const quantities: Record<string, Quantity> = {};
  const nameOf = (quantity: Quantity): string => {
    const known = (quantities[quantity.name] ??= quantity);
    if (known.unit !== quantity.unit || known.better !== quantity.better)
      throw new Error(
        `two quantities are called ${quantity.name}: in ${known.unit}, and in ${quantity.unit}`,
      );
    return quantity.name;
  };
  const { scenarios, ...about } = report;
  const written = scenarios.map(({ drawn, verdicts, measurements, ...rest }) => ({
    ...rest,
    drawn: drawn.map(nameOf),
    verdicts: verdicts.map(({ claim, ...verdict }) => ({
      ...verdict,
      claim: { ...claim, quantity: nameOf(claim.quantity) },
    })),
    measurements: measurements.map((one) => ({ ...one, quantity: nameOf(one.quantity) })),
  }));
  return `${lines({ ...about, quantities, scenarios: written } satisfies Written)}\n`;
}

/** The report of a text that {@link writePublished} has made. */
export function readPublished(text: string): Report {
  const { quantities, scenarios, ...about } = JSON.parse(text) as Written;
  const named = (name: string): Quantity => {
    const found = quantities[name];
    if (found === undefined) throw new Error(`there is no quantity called ${name} among those at the top`);
    return found;
  };
  return {
    ...about,
    scenarios: scenarios.map(({ drawn, verdicts, measurements, ...rest }) => ({
      ...rest,
      drawn: drawn.map(named),
      verdicts: verdicts.map(({ claim, ...verdict }) => ({
        ...verdict,
        claim: { ...claim, quantity: named(claim.quantity) },
      })),
      measurements: measurements.map((one) => ({ ...one, quantity: named(one.quantity) })),
    })),
  };
}

/** What holds lists or objects is broken into lines; an entry of a list is one line, however much it holds. */
function lines(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return line(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const entries = value.map(
      (entry: unknown) => inner + (isScenario(entry) ? lines(entry, inner) : line(entry)),
    );
    return entries.length === 0 ? '[]' : `[\n${entries.join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).map(
    ([key, one]) => `${inner}${JSON.stringify(key)}: ${lines(one, inner)}`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
}

function isScenario(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'measurements' in entry;
}

function line(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(DIGITS)) : one,
  );
}
