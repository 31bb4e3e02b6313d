import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

export interface Options {
  readonly scenarios: readonly Scenario[];
  /** Where to write the figures. */
  readonly json: string | undefined;
}

/** Thrown for a command line that cannot be understood. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function parseOptions(argv: readonly string[], known: readonly Scenario[]): Options {
  const names = known.map((scenario) => scenario.name);
  const { values } = parse(argv);
  const wanted = values.only?.split(',') ?? names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: there is no scenario "${unknown}"; write some of ${names.join(',')}`);
  }
  return { scenarios: known.filter((scenario) => wanted.includes(scenario.name)), json: values.json };
}

function parse(argv: readonly string[]): { values: { only?: string; json?: string } } {
  try {
    return parseArgs({ args: [...argv], options: { only: { type: 'string' }, json: { type: 'string' } } });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
