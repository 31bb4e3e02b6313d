import { exportUsageError } from './errors.ts';

/** Options by flag, in the order in which they were given, and the words that are none. */
export interface OptionWords {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

/**
 * Takes the options of an exporter out of a command line; what is left is for the server.
 * @throws {OperatorError} `ERR_EXPORT_USAGE` when a value is missing
 */
export function takeOptions(
  words: readonly string[],
  known: { readonly switches: ReadonlySet<string>; readonly values: ReadonlySet<string> },
): OptionWords {
  const given = new Map<string, string[]>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [name = '', attached] = splitFlag(word);
    if (word === '--') {
      rest.push(...words.slice(at));
      break;
    }
    if (known.switches.has(word)) given.set(word, []);
    else if (known.values.has(name)) {
      const value = attached ?? words[++at];
      if (value === undefined || value === '') throw exportUsageError(`${name} needs a value`);
      given.set(name, [...(given.get(name) ?? []), value]);
    } else rest.push(word);
  }
  return { given, rest };
}

/** `--flag` and `value` of `--flag=value`. */
export function splitFlag(word: string): readonly [string, string | undefined] {
  const equals = word.indexOf('=');
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}
