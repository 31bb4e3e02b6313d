import type { Problem, SettingSource } from '@gunicorn-ts/interface';
import type { Flag, FlagTable } from './flag.ts';
import { asksForNothing, type AbsentSetting } from './gunicorn-settings.ts';
import { explainUnknownFlag } from './unknown-name.ts';
import { quote } from './value.ts';

/** One value that the command line gave. */
export interface GivenFlag {
  readonly key: string;
  /** As it was written, without its value: `--workers`, `-w`. */
  readonly spelling: string;
  readonly value: string | boolean | readonly string[];
}

/** A command line taken apart. Values are not checked yet. */
export interface CommandLine {
  readonly given: ReadonlyMap<string, GivenFlag>;
  /** Arguments that belong to no flag. */
  readonly positionals: readonly string[];
  /** `--help` or `--version`, whichever came first. */
  readonly asked: 'help' | 'version' | undefined;
  readonly problems: readonly Problem[];
  /** Flags of Gunicorn that have no effect here, each with why. */
  readonly warnings: readonly Problem[];
}

/** Which words are being read: the command line's, or those of `GUNICORN_CMD_ARGS`. */
export type Where = 'flag' | 'env';

/**
 * Takes a command line apart as Python's argparse does: `--flag=value`, `--flag value`, unambiguous
 * beginnings (`--thr`), `-w4`, `-w 4`, `-w=4`, switches in one word (`-Dw4`), positionals anywhere, and
 * nothing but positionals after `--`. The last of several values counts, except for repeatable flags.
 */
export function parseCommandLine(words: readonly string[], table: FlagTable, where: Where): CommandLine {
  const reader = new CommandLineReader(words, table, where);
  reader.readAll();
  return reader;
}

class CommandLineReader implements CommandLine {
  readonly given = new Map<string, GivenFlag>();
  readonly positionals: string[] = [];
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  asked: 'help' | 'version' | undefined;
  readonly #words: readonly string[];
  readonly #table: FlagTable;
  readonly #where: Where;
  #at = 0;

  constructor(words: readonly string[], table: FlagTable, where: Where) {
    this.#words = words;
    this.#table = table;
    this.#where = where;
  }

  readAll(): void {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++] ?? '';
      if (word === '--') {
        this.positionals.push(...this.#words.slice(this.#at));
        return;
      }
      if (!this.#looksLikeFlag(word)) this.positionals.push(word);
      else if (word.startsWith('--')) this.#readLong(word);
      else this.#readShort(word);
    }
  }

  /** A dash alone means stdout, and a negative number is a value: neither is a flag. */
  #looksLikeFlag(word: string): boolean {
    if (!word.startsWith('-') || word === '-') return false;
    if (/^-\d+$|^-\d*\.\d+$/.test(word)) return false;
    const spelling = word.split('=', 1)[0] ?? word;
    return !word.includes(' ') || this.#table.get(spelling) !== undefined || word.startsWith('--');
  }

  #readLong(word: string): void {
    const equals = word.indexOf('=');
    const written = equals === -1 ? word : word.slice(0, equals);
    const attached = equals === -1 ? undefined : word.slice(equals + 1);
    const names = this.#table.get(written) === undefined ? this.#table.matching(written) : [written];
    const [name] = names;
    const flag = name === undefined ? undefined : this.#table.get(name);
    if (names.length > 1) {
      this.#refuse(written, `${written} could be ${names.join(', ')}`, 'write it out');
    } else if (name === undefined || flag === undefined) {
      this.problems.push({
        ...explainUnknownFlag(written, this.#table.longNames()),
        ...this.#sourceOf(written),
      });
    } else {
      this.#take(flag, name, attached);
    }
  }

  #readShort(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const spelling = `-${word.charAt(at)}`;
      const flag = this.#table.get(spelling);
      const rest = word.slice(at + 1);
      if (flag === undefined || this.#table.get(`-${word}`) !== undefined) {
        const name = flag === undefined && at > 1 ? spelling : word;
        this.problems.push({ ...explainUnknownFlag(name, this.#table.longNames()), ...this.#sourceOf(name) });
        return;
      }
      if (flag.kind !== 'switch') {
        this.#take(flag, spelling, rest === '' ? undefined : rest.replace(/^=/, ''));
        return;
      }
      if (rest.startsWith('=')) {
        this.#take(flag, spelling, rest.slice(1));
        return;
      }
      this.#take(flag, spelling, undefined);
    }
  }

  #take(flag: Flag, spelling: string, attached: string | undefined): void {
    if (flag.kind === 'switch') {
      if (attached !== undefined)
        this.#refuse(
          spelling,
          `${spelling} takes no value, but was given ${quote(attached)}`,
          `write ${spelling} alone`,
        );
      else if (flag.absent !== undefined) this.#passOver(flag.absent, spelling, true);
      else if (flag.key === 'help' || flag.key === 'version') this.#ask(flag.key, spelling);
      else this.given.set(flag.key, { key: flag.key, spelling, value: flag.sets ?? true });
      return;
    }
    const value = attached ?? this.#nextValue(flag);
    if (value === undefined) {
      this.#refuse(spelling, `${spelling} needs a value`, `write ${spelling} ${flag.metavar ?? 'VALUE'}`);
      return;
    }
    if (flag.absent !== undefined) {
      this.#passOver(flag.absent, spelling, value);
      return;
    }
    const before = this.given.get(flag.key)?.value;
    const list = flag.kind === 'repeatable' ? [...(Array.isArray(before) ? before : []), value] : value;
    this.given.set(flag.key, { key: flag.key, spelling, value: list });
  }

  #nextValue({ alone }: Flag): string | undefined {
    const word = this.#words[this.#at];
    // Such a flag must not swallow the application that stands behind it.
    if (alone !== undefined && !alone.values.includes(word ?? '')) return alone.means;
    if (word === undefined || word === '--' || this.#looksLikeFlag(word)) return undefined;
    this.#at += 1;
    return word;
  }

  #ask(key: 'help' | 'version', spelling: string): void {
    if (this.#where === 'env')
      this.#refuse(spelling, `${spelling} has no place in GUNICORN_CMD_ARGS`, 'remove it');
    else this.asked ??= key;
  }

  #passOver(absent: AbsentSetting, spelling: string, value: unknown): void {
    if (asksForNothing(absent, value)) return;
    const { because, refusal } = absent;
    if (refusal === undefined) {
      this.warnings.push({
        message: `${spelling} has no effect here: ${because}`,
        ...this.#sourceOf(spelling),
      });
    } else {
      this.#refuse(spelling, `${spelling} cannot be honoured: ${because}`, refusal);
    }
  }

  #refuse(spelling: string, message: string, cure: string): void {
    this.problems.push({ message, ...this.#sourceOf(spelling), cure });
  }

  /** On the command line the message shows the flag, and there is nothing to add. */
  #sourceOf(spelling: string): { source?: SettingSource } {
    return this.#where === 'env' ? { source: { kind: 'env', flag: spelling } } : {};
  }
}
