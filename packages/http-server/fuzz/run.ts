import { parseArgs } from 'node:util';
import { seeded } from '@gunicorn-ts/load';
import { type Random } from './random.ts';

/** How long to go on with what: `--count N` or `--seconds N`, and `--seed N`. */
export interface Run {
  readonly seed: number;
  readonly random: Random;
  /** @returns whether a further batch is to be played */
  goesOn(done: number): boolean;
  /** Seconds since it began. */
  elapsed(): string;
}

/** As told by the arguments of this process; without any, so many inputs from a random seed. */
export function beginRun(defaultCount: number): Run {
  const { values } = parseArgs({
    options: { count: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
  });
  const seed = numberOf('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const seconds = numberOf('seconds', values.seconds);
  const count = numberOf('count', values.count) ?? (seconds === undefined ? defaultCount : Infinity);
  const started = performance.now();
  const passed = (): number => (performance.now() - started) / 1000;
  print(`seed ${seed}`);
  return {
    seed,
    random: seeded(seed),
    goesOn: (done) => done < count && passed() < (seconds ?? Infinity),
    elapsed: () => `${passed().toFixed(0)} s`,
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number >= 0)) throw new Error(`--${name} must be a number, not ${JSON.stringify(text)}`);
  return number;
}
